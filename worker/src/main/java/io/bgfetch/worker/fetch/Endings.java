package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
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

  /** The origin answered, and its answer is here to the last byte. */
  FetchEvent.OfTask answered(RecordResponse head, BodyContent body, long uploaded) {
    Settled settled =
        new Settled(
            worker,
            task,
            head.ok() ? FetchResult.SUCCESS : FetchResult.BAD_STATUS,
            null,
            head,
            body.stored(),
            body.digest(),
            body.stored().size(),
            uploaded);
    if (!triedAgain(head.status())) {
      return settled;
    }
    Long retryAfter = RetryAfter.millis(head.headers().get("retry-after"), clock.instant());
    return broke("status " + head.status(), retryAfter, uploaded, settled);
  }

  /**
   * There is no whole answer.
   *
   * @param connected whether a connection was made, and so a request may have reached the origin
   */
  FetchEvent.OfTask failed(
      Throwable failure,
      boolean connected,
      @Nullable RecordResponse head,
      long downloaded,
      long uploaded) {
    return switch (failure) {
      case StoreFailure store -> new Yielded(worker, task, "the blob store takes no bytes", 0, 0);
      case BodyTooLarge tooLarge ->
          unreadable(
              FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
              String.valueOf(tooLarge.getMessage()),
              head,
              downloaded,
              uploaded);
      default -> {
        NetworkError error = NetworkErrors.of(failure);
        yield error.mayPass() && (repeatable() || !connected)
            ? broke(error.line(), null, uploaded, null)
            : unreadable(FetchResult.FETCH_ERROR, error.line(), head, downloaded, uploaded);
      }
    };
  }

  private Settled unreadable(
      FetchResult result,
      String error,
      @Nullable RecordResponse head,
      long downloaded,
      long uploaded) {
    return new Settled(worker, task, result, error, head, null, null, downloaded, uploaded);
  }

  private Broke broke(
      String error, @Nullable Long retryAfter, long uploaded, @Nullable Settled fallback) {
    return new Broke(worker, task, error, false, false, retryAfter, uploaded, 0, fallback);
  }
}
