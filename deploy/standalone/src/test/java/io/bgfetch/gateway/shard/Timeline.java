package io.bgfetch.gateway.shard;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Simulated time, in microseconds: what is to happen, in its order. Things of one moment happen in
 * the order in which they were put in.
 */
final class Timeline {

  static final long MILLI = 1_000;
  static final long SECOND = 1_000_000;

  /** Some day, so that times look like times and nothing is before the beginning. */
  private static final long BEGINNING = 1_000_000 * SECOND;

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private final RandomGenerator random;
  private long now = BEGINNING;
  private long order;

  private record Entry(long at, long order, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  Timeline(RandomGenerator random) {
    this.random = random;
  }

  long now() {
    return now;
  }

  long millis() {
    return now / MILLI;
  }

  /** Seconds since the beginning. */
  double seconds() {
    return (now - BEGINNING) / (double) SECOND;
  }

  void at(long time, Runnable action) {
    entries.add(new Entry(Math.max(time, now), order++, action));
  }

  void after(long micros, Runnable action) {
    at(now + micros, action);
  }

  /** From half to one and a half times as long, as things take their time. */
  long about(long micros) {
    return micros / 2 + (long) (random.nextDouble() * micros);
  }

  /** Lets everything happen until then. */
  void runUntil(double seconds) {
    long end = BEGINNING + (long) (seconds * SECOND);
    while (!entries.isEmpty() && entries.peek().at <= end) {
      Entry next = entries.remove();
      now = next.at;
      next.action.run();
    }
    now = Math.max(now, end);
  }
}
