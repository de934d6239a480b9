package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.outgoing.NetworkErrors;
import io.bgfetch.outgoing.RetryAfter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The event that ends an attempt. */
final class Endings {

  private final String worker;
  private final FetchJob job;
  private final Task task;
  private final InstantSource clock;

  Endings(String worker, FetchJob job, Task task, InstantSource clock) {
    this.worker = worker;
    this.job = job;
    this.task = task;
    this.clock = clock;
  }

  /** Whether the request may be sent more than once. */
  boolean repeatable() {
    return job.request().safe() || job.retry().unsafe();
  }

  /** Whether a status is tried again instead of kept. */
  boolean triedAgain(int status) {
    return repeatable() && job.retry().statuses().contains(status);
  }

  /**
   * Whether another attempt may end better than this one that failed.
   *
   * @param connected whether a connection was made, and so a request may have reached the origin
   */
  boolean mayPass(Throwable failure, boolean connected) {
    return !(failure instanceof StoreFailure)
        && !(failure instanceof BodyTooLarge)
        && NetworkErrors.of(failure).mayPass()
        && (repeatable() || !connected);
  }

  /** The origin answered, and its answer is here to the last byte. */
  FetchEvent.OfTask answered(RecordResponse head, BodyContent body, SoFar soFar) {
    Settled settled =
        body.mismatch() == null
            ? readable(head, body, soFar)
            : unreadable(FetchResult.FETCH_ERROR, body.mismatch(), soFar);
    if (!triedAgain(head.status())) {
      return settled;
    }
    Long retryAfter = RetryAfter.millis(head.headers().get("retry-after"), clock.instant());
    return broke("status " + head.status(), retryAfter, soFar, settled);
  }

  private Settled readable(RecordResponse head, BodyContent body, SoFar soFar) {
    return new Settled(
        worker,
        task,
        head.ok() ? FetchResult.SUCCESS : FetchResult.BAD_STATUS,
        null,
        head,
        body.stored(),
        body.digest(),
        body.stored().size(),
        soFar.uploaded());
  }

  /**
   * There is no whole answer.
   *
   * @param connected as in {@link #mayPass}
   */
  FetchEvent.OfTask failed(Throwable failure, boolean connected, SoFar soFar) {
    return switch (failure) {
      case StoreFailure store -> givenBack("the blob store takes no bytes", soFar, null);
      case BodyTooLarge tooLarge -> unreadable(job.overrun(), overrunLine(), soFar);
      default -> {
        String line = NetworkErrors.of(failure).line();
        yield mayPass(failure, connected)
            ? broke(line, null, soFar, null)
            : unreadable(FetchResult.FETCH_ERROR, line, soFar);
      }
    };
  }

  /**
   * The attempt is not to go on here.
   *
   * @param why one line
   * @param notBefore as in {@link Yielded}
   */
  Yielded givenBack(String why, SoFar soFar, @Nullable Long notBefore) {
    return new Yielded(
        worker, task, why, soFar.kept(), soFar.uploaded(), soFar.connectedMillis(), notBefore);
  }

  private String overrunLine() {
    return job.overrun() == FetchResult.QUOTA_EXCEEDED
        ? "more bytes than the storage quota has room for"
        : "more bytes than downloadTotal allows";
  }

  private Settled unreadable(FetchResult result, String error, SoFar soFar) {
    return new Settled(
        worker,
        task,
        result,
        error,
        soFar.head(),
        null,
        null,
        soFar.downloaded(),
        soFar.uploaded());
  }

  private Broke broke(
      String error, @Nullable Long retryAfter, SoFar soFar, @Nullable Settled fallback) {
    return new Broke(
        worker,
        task,
        error,
        soFar.kept(),
        soFar.newBytes(),
        retryAfter,
        soFar.uploaded(),
        soFar.connectedMillis(),
        fallback);
  }
}
