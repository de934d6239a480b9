package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task of a simulated worker and how far it is. */
final class SimulatedTask {

  /** A task goes through these in order, but for some that it leaves out. */
  enum Stage {
    WAITING,
    WANTS_PERMISSION,
    FETCHING,
    ENDED
  }

  final FetchJob job;
  final Task task;
  final int partition;
  final List<Segment> stored = new ArrayList<>();
  Stage stage = Stage.WAITING;
  long permittedAt;
  long askedAt = Long.MIN_VALUE / 2;
  long downloaded;
  long uploaded;
  @Nullable RecordResponse head;

  SimulatedTask(FetchJob job, Task task, int partition) {
    this.job = job;
    this.task = task;
    this.partition = partition;
    this.permittedAt = job.request().safe() ? job.releasedAt() : Long.MIN_VALUE / 2;
    this.downloaded = job.resume() == null ? 0 : job.resume().stored().size();
  }

  SimulatedTopics.Attempt attempt() {
    return new SimulatedTopics.Attempt(new RecordId(job.uid(), job.index()), job.attempt());
  }

  boolean repeatable() {
    return job.request().safe() || job.retry().unsafe();
  }

  /** Whether a status is tried again instead of kept. */
  boolean triedAgain(int status) {
    return repeatable() && job.retry().statuses().contains(status);
  }

  boolean running() {
    return stage == Stage.WANTS_PERMISSION || stage == Stage.FETCHING;
  }

  long storedBytes() {
    return stored.stream().mapToLong(Segment::size).sum();
  }

  long storedBefore() {
    return job.resume() == null ? 0 : job.resume().stored().size();
  }

  /** What the next attempt may go on from. */
  FetchJob.@Nullable Resume kept() {
    if (head == null) {
      return job.resume();
    }
    return stored.isEmpty() ? null : new FetchJob.Resume(head, new Segments(stored));
  }

  Progress progress() {
    return new FetchEvent.Progress(task, stage != Stage.WAITING, downloaded, uploaded, 0);
  }
}
