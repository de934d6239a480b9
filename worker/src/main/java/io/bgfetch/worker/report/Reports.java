package io.bgfetch.worker.report;

import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says regularly that this worker lives, what it holds, and how far that is: to each shard of which
 * it holds something. Belongs to the worker's context.
 */
public final class Reports {

  /** So many tasks in JSON stay well below the longest message. */
  static final int MOST_TASKS = 1_000;

  private final String worker;
  private final News news;
  private final Supplier<Map<Integer, List<Progress>>> tasks;
  private final Speed speed;
  private final long startedAt;

  /**
   * Reports of a worker that starts now.
   *
   * @param tasks what it holds, by shard
   * @param downloaded bytes since its start
   */
  public Reports(
      String worker,
      News news,
      Supplier<Map<Integer, List<Progress>>> tasks,
      LongSupplier downloaded,
      InstantSource clock) {
    this.worker = worker;
    this.news = news;
    this.tasks = tasks;
    this.speed = new Speed(downloaded, clock);
    this.startedAt = clock.millis();
  }

  /** Sends the reports that are due now. */
  public void send() {
    long bytesPerSecond = speed.perSecond();
    tasks.get().forEach((shard, progress) -> send(shard, bytesPerSecond, progress));
  }

  private void send(int shard, long bytesPerSecond, List<Progress> progress) {
    for (int from = 0; from < progress.size(); from += MOST_TASKS) {
      int to = Math.min(progress.size(), from + MOST_TASKS);
      news.tell(shard, new Report(worker, startedAt, bytesPerSecond, progress.subList(from, to)));
    }
  }
}
