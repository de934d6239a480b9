package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;

/** What all parts of one attempt know. */
record Attempt(FetchMeans means, FetchJob job, Task task, Endings endings, Deadlines deadlines) {

  static Attempt of(FetchMeans means, FetchJob job, Task task) {
    return new Attempt(
        means,
        job,
        task,
        new Endings(means.worker(), job, task, means.clock()),
        new Deadlines(job.timeouts(), means.clock().millis()));
  }

  long now() {
    return means.clock().millis();
  }

  /** The name of a segment of the response body. */
  String segmentKey(int n) {
    return BlobKeys.responseSegment(task.uid(), task.index(), task.attempt(), task.token(), n);
  }
}
