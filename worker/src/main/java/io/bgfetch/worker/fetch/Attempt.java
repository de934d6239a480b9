package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.time.Duration;

/** What all parts of one attempt know. */
record Attempt(FetchMeans means, FetchJob job, Task task, Endings endings, Deadlines deadlines) {

  static Attempt of(FetchMeans means, FetchJob job, Task task) {
    return new Attempt(
        means,
        job,
        task,
        new Endings(means.worker(), job, task, means.clock()),
        new Deadlines(shortest(job.timeouts(), means.timeouts()), means.clock().millis()));
  }

  private static Timeouts shortest(Timeouts asked, Timeouts most) {
    return new Timeouts(
        shorter(asked.connect(), most.connect()),
        shorter(asked.firstByte(), most.firstByte()),
        shorter(asked.idle(), most.idle()),
        shorter(asked.total(), most.total()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  long now() {
    return means.clock().millis();
  }

  /** The name of a segment of the response body. */
  String segmentKey(int n) {
    return BlobKeys.responseSegment(task.uid(), task.index(), task.attempt(), task.token(), n);
  }
}
