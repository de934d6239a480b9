package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.outgoing.NetworkError;
import io.bgfetch.outgoing.RetryAfter;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the response to one hop turns out to be: a redirect, a body, more of a body that has begun,
 * or nonsense. Belongs to the worker's context.
 */
final class Reception {

  private static final long DRAIN_FOR_MILLIS = 1_000;

  private final Attempt attempt;
  private final Hop hop;
  private final @Nullable Download begun;
  private final Consumer<Throwable> storeFailed;
  private final Decoding decoding;
  private @Nullable Download download;
  private @Nullable PartBody part;
  private @Nullable Supplier<Future<Answer>> decided;
  private long drainUntil = Long.MAX_VALUE;
  private long seen;

  /**
   * No response yet.
   *
   * @param begun the body of which the hop asks for the rest; null where it asks for a whole one
   * @param storeFailed hears when the blob store fails
   */
  Reception(Attempt attempt, Hop hop, @Nullable Download begun, Consumer<Throwable> storeFailed) {
    this.attempt = attempt;
    this.hop = hop;
    this.begun = begun;
    this.storeFailed = storeFailed;
    this.decoding = new Decoding(attempt);
  }

  /** The head is here; what it is decides who takes the body. */
  WriteStream<Buffer> responded(HttpClientResponse response) {
    attempt.signs().answered(hop.url().authority(), response.statusCode(), retryAfter(response));
    Redirect redirect =
        RedirectRules.of(
            attempt.job().request().redirect(),
            hop,
            response.statusCode(),
            response.getHeader("location"));
    return switch (redirect) {
      case Redirect.To to -> withoutBody(() -> Future.succeededFuture(new Answer.Moved(to.hop())));
      case Redirect.Refused refused -> withoutBody(() -> broken(lasting(refused.reason())));
      case Redirect.None none -> body(judge(response), response);
    };
  }

  private @Nullable Long retryAfter(HttpClientResponse response) {
    return RetryAfter.millis(response.getHeader("retry-after"), attempt.means().clock().instant());
  }

  private RangeAnswer judge(HttpClientResponse response) {
    RecordResponse head = ResponseHeads.of(hop, response);
    List<String> contentRange = response.headers().getAll("content-range");
    return begun == null
        ? RangeRules.ofWhole(askedAgainBy(), head, contentRange)
        : RangeRules.ofRest(begun.head(), begun.received(), head, contentRange);
  }

  /** The rest of a body is asked for by the record's own request, and not by the hop's. */
  private String askedAgainBy() {
    return hop.method().equals("HEAD") ? hop.method() : attempt.job().request().method();
  }

  private WriteStream<Buffer> body(RangeAnswer answer, HttpClientResponse response) {
    return switch (answer) {
      case RangeAnswer.Anew anew -> anew(anew, response);
      case RangeAnswer.Onward onward -> onward(Objects.requireNonNull(begun), onward);
      case RangeAnswer.AllHere all -> withoutBody(Objects.requireNonNull(begun)::finish);
      case RangeAnswer.Invalid invalid -> withoutBody(() -> broken(lasting(invalid.reason())));
    };
  }

  private WriteStream<Buffer> anew(RangeAnswer.Anew anew, HttpClientResponse response) {
    Download fresh = Download.anew(attempt, anew.head(), storeFailed);
    if (begun != null && !fresh.quiet()) {
      begun.abandon();
    }
    download = fresh;
    return ResponseHeads.bodiless(hop.method(), anew.head().status())
        ? withoutBody(fresh::finish)
        : counted(decoding.before(fresh.sink(), response), anew.part());
  }

  private WriteStream<Buffer> onward(Download more, RangeAnswer.Onward onward) {
    more.onward(onward.length());
    download = more;
    seen = more.received();
    return counted(more.sink(), onward.part());
  }

  private WriteStream<Buffer> counted(
      WriteStream<Buffer> into, ContentRange.@Nullable Part promised) {
    if (promised == null) {
      return into;
    }
    PartBody counted = new PartBody(into, promised.length());
    part = counted;
    return counted;
  }

  /** What comes behind the head decides nothing any more, and no deadline waits for it. */
  private WriteStream<Buffer> withoutBody(Supplier<Future<Answer>> decision) {
    decided = decision;
    drainUntil = attempt.now() + DRAIN_FOR_MILLIS;
    attempt.deadlines().enter(Phase.OURSELVES, attempt.now());
    return new DiscardedBody();
  }

  /** The exchange is over: what it brought. */
  Future<Answer> conclude(@Nullable Throwable failure) {
    if (decided != null) {
      return decided.get();
    }
    return failure == null
        ? arrived(Objects.requireNonNull(download, "an end without a head"))
        : Future.failedFuture(failure);
  }

  private Future<Answer> arrived(Download body) {
    if (part == null) {
      return body.finish();
    }
    if (part.missing() > 0) {
      return broken(NetworkError.passing("the body ended before its Content-Range"));
    }
    return body.partial() ? Future.succeededFuture(new Answer.Partial(body)) : body.finish();
  }

  private static NetworkError lasting(String reason) {
    return NetworkError.lasting(reason);
  }

  private static Future<Answer> broken(NetworkError error) {
    return Future.failedFuture(new FetchFailure(error));
  }

  /** Whether there was any answer. */
  boolean answered() {
    return download != null || decided != null;
  }

  /** The response that is coming, else the one that the hop asks for the rest of. */
  @Nullable Download shown() {
    return download == null ? begun : download;
  }

  /** The response that this attempt leaves to the next one, should it not come to an end. */
  @Nullable Download kept() {
    return download == null || download.quiet() ? begun : download;
  }

  /** Keeps time; says whether what is left of a body that nobody wants is not worth waiting for. */
  boolean tick(long now) {
    if (download != null) {
      if (download.held() || decoding.held()) {
        attempt.deadlines().heldUp();
      } else if (download.received() != seen) {
        attempt.deadlines().active();
      }
      seen = download.received();
    }
    Download growing = shown();
    if (growing != null) {
      growing.tick(now);
    }
    return now < drainUntil;
  }

  /** No more of the response comes. */
  void stop() {
    decoding.close();
  }

  /** Nobody wants any of it. */
  void abandon() {
    if (download != null) {
      download.abandon();
    }
    if (begun != null) {
      begun.abandon();
    }
  }
}
