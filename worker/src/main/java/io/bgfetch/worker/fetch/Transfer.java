package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One hop of an attempt over one connection. Belongs to the worker's context. */
final class Transfer implements Exchange.Owner {

  private static final long DRAIN_FOR_MILLIS = 1_000;

  /** The fetch that a transfer is part of. */
  interface Owner {

    /** Completes when the first byte of this hop may go out. */
    Future<Void> cleared(Hop hop);

    /** Bytes of the request body went out. */
    void uploaded(long bytes);

    /** The blob store failed while the body was coming. */
    void storeFailed(Throwable failure);
  }

  private final Attempt attempt;
  private final Owner owner;
  private final Hop hop;
  private final @Nullable SegmentsUpload upload;
  private final Exchange exchange;
  private final Decoding decoding;
  private Redirect redirect = new Redirect.None();
  private @Nullable Download download;
  private long drainUntil = Long.MAX_VALUE;
  private long seen;

  /**
   * A hop that has not begun.
   *
   * @param fresh whether it needs a connection that carried nothing before
   * @param connectMillis how long making the connection may take
   */
  Transfer(
      Attempt attempt,
      Owner owner,
      Hop hop,
      InetSocketAddress address,
      boolean fresh,
      long connectMillis) {
    this.attempt = attempt;
    this.owner = owner;
    this.hop = hop;
    this.decoding = new Decoding(attempt);
    StoredBody body = hop.withBody() ? attempt.job().request().body() : null;
    this.upload = body instanceof StoredBody.Segments stored ? upload(stored) : null;
    this.exchange =
        new Exchange(
            new Call(
                address,
                hop.url(),
                hop.method(),
                RequestHeaders.of(hop, attempt.means().userAgent()),
                outgoing(body),
                connectMillis,
                fresh),
            this);
  }

  private SegmentsUpload upload(StoredBody.Segments stored) {
    FetchMeans means = attempt.means();
    return new SegmentsUpload(
        means.threads(), new SegmentsReader(means.store(), stored), this::uploaded);
  }

  private @Nullable OutgoingBody outgoing(@Nullable StoredBody body) {
    return switch (body) {
      case null -> null;
      case StoredBody.Inline inline -> new OutgoingBody.Whole(Buffer.buffer(inline.bytes()));
      case StoredBody.Segments stored ->
          new OutgoingBody.Streamed(stored.size(), Objects.requireNonNull(upload));
    };
  }

  /** Performs it. */
  Future<Answer> run() {
    attempt.deadlines().enter(Phase.CONNECTION, attempt.now());
    return attempt
        .means()
        .client()
        .perform(exchange)
        .transform((ended, failure) -> concluded(failure));
  }

  private Future<Answer> concluded(@Nullable Throwable failure) {
    closeStreams();
    attempt.deadlines().enter(Phase.OURSELVES, attempt.now());
    return switch (redirect) {
      case Redirect.To to -> Future.succeededFuture(new Answer.Moved(to.hop()));
      case Redirect.Refused refused ->
          Future.failedFuture(new FetchFailure(NetworkError.lasting(refused.reason())));
      case Redirect.None none ->
          failure == null
              ? Objects.requireNonNull(download, "an end without a head").finish()
              : Future.failedFuture(failure);
    };
  }

  @Override
  public Future<Void> beforeFirstByte() {
    attempt.deadlines().enter(Phase.OURSELVES, attempt.now());
    return owner.cleared(hop);
  }

  @Override
  public void sending() {
    attempt.deadlines().enter(Phase.HEAD, attempt.now());
    if (exchange.call().body() instanceof OutgoingBody.Whole whole) {
      owner.uploaded(whole.bytes().length());
    }
  }

  private void uploaded(long bytes) {
    attempt.deadlines().active();
    owner.uploaded(bytes);
  }

  @Override
  public WriteStream<Buffer> responded(HttpClientResponse response) {
    long now = attempt.now();
    attempt.deadlines().enter(Phase.BODY, now);
    redirect =
        RedirectRules.of(
            attempt.job().request().redirect(),
            hop,
            response.statusCode(),
            response.getHeader("location"));
    if (!(redirect instanceof Redirect.None)) {
      drainUntil = now + DRAIN_FOR_MILLIS;
      return new DiscardedBody();
    }
    boolean bodiless = ResponseHeads.bodiless(hop.method(), response.statusCode());
    RecordResponse head = ResponseHeads.of(hop, response);
    Download kept = new Download(attempt, head, bodiless, owner::storeFailed);
    download = kept;
    return bodiless ? kept.sink() : decoding.before(kept.sink(), response);
  }

  /** Whether there was a connection. */
  boolean connected() {
    return exchange.connected();
  }

  /** Whether the request may have reached the origin. */
  boolean sent() {
    return exchange.sent();
  }

  /** Whether it broke on a connection that had served others before, and without any answer. */
  boolean brokeUnanswered() {
    return exchange.reused() && exchange.sent() && !responded();
  }

  private boolean responded() {
    return download != null || !(redirect instanceof Redirect.None);
  }

  @Nullable RecordResponse head() {
    return download == null ? null : download.head();
  }

  /** Body bytes received so far. */
  long received() {
    return download == null ? 0 : download.received();
  }

  void tick(long now) {
    if (now >= drainUntil) {
      exchange.cut(new IllegalStateException("not worth waiting for"));
    }
    if (download != null) {
      if (download.received() != seen || download.held()) {
        seen = download.received();
        attempt.deadlines().active();
      }
      download.tick(now);
    }
  }

  /** Ends it here and now and lets go of what it holds. */
  void close(Throwable why) {
    exchange.cut(why);
    closeStreams();
    if (download != null) {
      download.abandon();
    }
  }

  private void closeStreams() {
    if (upload != null) {
      upload.close();
    }
    decoding.close();
  }
}
