package io.bgfetch.gateway.shard;

import io.bgfetch.message.FetchJob;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The jobs topic: what each partition holds, in its order, and how much of it was taken. */
final class TimedJobs {

  static final int PARTITIONS = 64;

  private final List<Deque<FetchJob>> queued =
      IntStream.range(0, PARTITIONS).<Deque<FetchJob>>mapToObj(p -> new ArrayDeque<>()).toList();
  private final long[] taken = new long[PARTITIONS];

  /** Puts a job at the end of its partition; answers its offset. */
  long add(int partition, FetchJob job) {
    queued.get(partition).add(job);
    return taken[partition] + queued.get(partition).size() - 1;
  }

  boolean isEmpty(int partition) {
    return queued.get(partition).isEmpty();
  }

  /** Takes up to so many of a partition; answers how many. */
  int take(int partition, int most, Consumer<FetchJob> taker) {
    Deque<FetchJob> queue = queued.get(partition);
    int count = Math.min(most, queue.size());
    for (int i = 0; i < count; i++) {
      taker.accept(queue.remove());
    }
    taken[partition] += count;
    return count;
  }

  QueueView view() {
    Map<Integer, Long> starts = new HashMap<>();
    Map<Integer, Long> ends = new HashMap<>();
    Map<Integer, Long> committed = new HashMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      starts.put(p, 0L);
      ends.put(p, taken[p] + queued.get(p).size());
      committed.put(p, taken[p]);
    }
    return new QueueView(starts, ends, committed);
  }
}
