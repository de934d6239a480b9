package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.outgoing.NetworkError;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One hop of an attempt over one connection. Belongs to the worker's context. */
final class Transfer implements Exchange.Owner {

  /** The fetch that a transfer is part of. */
  interface Owner {

    /** Completes when the first byte of this hop may go out. */
    Future<Void> cleared(Hop hop);

    /** Bytes of the request body went out. */
    void uploaded(long bytes);

    /** The blob store failed while the body was coming. */
    void storeFailed(Throwable failure);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

  private final Attempt attempt;
  private final Owner owner;
  private final Hop hop;
  private final @Nullable SegmentsUpload upload;
  private final Exchange exchange;
  private final Reception reception;

  /**
   * A hop that has not begun.
   *
   * @param begun the body of which it asks for the rest; null where it asks for a whole one
   * @param fresh whether it needs a connection that carried nothing before
   * @param connectMillis how long making the connection may take
   */
  Transfer(
      Attempt attempt,
      Owner owner,
      Hop hop,
      @Nullable Download begun,
      InetSocketAddress address,
      boolean fresh,
      long connectMillis) {
    this.attempt = attempt;
    this.owner = owner;
    this.hop = hop;
    this.reception = new Reception(attempt, hop, begun, owner::storeFailed);
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
        means.threads(), means.store(), stored, this::uploaded, this::unreadable);
  }

  /** A part of the request body is on its way, and its rest never will be. */
  private void unreadable(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("uid", attempt.task().uid())
        .addKeyValue("index", attempt.task().index())
        .addKeyValue("worker", attempt.means().worker())
        .setCause(cause)
        .log(SegmentsUpload.UNREADABLE);
    cut(new FetchFailure(NetworkError.passing(SegmentsUpload.UNREADABLE)));
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
    return reception.conclude(
        failure == null ? null : Objects.requireNonNullElse(exchange.cutBy(), failure));
  }

  @Override
  public Future<Void> beforeFirstByte() {
    attempt.deadlines().enter(Phase.OURSELVES, attempt.now());
    return upload == null
        ? owner.cleared(hop)
        : upload.begin().compose(readable -> owner.cleared(hop));
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
  public boolean wholeRequestSent() {
    return upload == null || upload.finished();
  }

  @Override
  public WriteStream<Buffer> responded(HttpClientResponse response) {
    attempt.deadlines().enter(Phase.BODY, attempt.now());
    return reception.responded(response);
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
    return exchange.reused() && exchange.sent() && !reception.answered();
  }

  Reception reception() {
    return reception;
  }

  void tick(long now) {
    if (!reception.tick(now)) {
      exchange.cut(new IllegalStateException("not worth waiting for"));
    }
  }

  /** Nothing more is sent or received. */
  void cut(Throwable why) {
    exchange.cut(why);
    closeStreams();
  }

  private void closeStreams() {
    if (upload != null) {
      upload.close();
    }
    reception.stop();
  }
}
