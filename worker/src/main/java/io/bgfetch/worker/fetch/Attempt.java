package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.FetchJob.Resume;
import io.bgfetch.message.Task;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What all parts of one attempt know. */
record Attempt(
    FetchMeans means,
    FetchJob job,
    Task task,
    Endings endings,
    Deadlines deadlines,
    SegmentNames names,
    OriginSigns signs) {

  /** Manifests travel in messages; a body in more pieces begins anew. */
  private static final int MOST_SEGMENTS = 2_000;

  static Attempt of(FetchMeans means, FetchJob job, Task task, OriginSigns signs) {
    return new Attempt(
        means,
        job,
        task,
        new Endings(means.worker(), job, task, means.clock()),
        new Deadlines(
            shortest(job.timeouts(), means.timeouts()),
            job.connectedMillis(),
            means.clock().millis()),
        new SegmentNames(task),
        signs);
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

  /** Tells the record's shard what matters only now. */
  void tell(FetchEvent news) {
    means.news().tell(job.shard(), news);
  }

  /** What earlier attempts stored and this one may go on from, if there is any. */
  @Nullable Resume resume() {
    Resume resume = job.resume();
    return resume != null
            && resume.stored().segments().size() <= MOST_SEGMENTS
            && RangeRules.resumable(job.request().method(), resume.response())
        ? resume
        : null;
  }

  /** How many bytes earlier attempts had stored. */
  long storedBefore() {
    return job.resume() == null ? 0 : job.resume().stored().size();
  }
}
