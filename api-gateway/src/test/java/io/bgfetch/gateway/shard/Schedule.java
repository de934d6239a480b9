package io.bgfetch.gateway.shard;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Simulated time: what is to happen, in its order. Things of one moment happen in the order in
 * which they were put in.
 */
final class Schedule {

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private final RandomGenerator random;
  private long now = 1_000_000;
  private long order;

  private record Entry(long at, long order, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  Schedule(RandomGenerator random) {
    this.random = random;
  }

  /** Milliseconds; all processes have the same clock. */
  long now() {
    return now;
  }

  void at(long time, Runnable action) {
    entries.add(new Entry(Math.max(time, now), order++, action));
  }

  void after(long millis, Runnable action) {
    at(now + millis, action);
  }

  /** A number of milliseconds from {@code least} to {@code most}. */
  long between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** Lets the next thing happen. */
  void step() {
    Entry next = entries.remove();
    now = next.at;
    next.action.run();
  }
}
