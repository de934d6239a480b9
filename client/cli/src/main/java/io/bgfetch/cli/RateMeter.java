package io.bgfetch.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a number grows, over the last few seconds. */
final class RateMeter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long WINDOW = 5_000_000_000L;
  private static final long SPACING = 100_000_000L;

  private record Sample(long nanos, long value) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Notes the value at a time; a value that shrank starts the measurement again. */
  void note(long nanos, long value) {
    Sample last = samples.peekLast();
    if (last != null && value < last.value()) {
      samples.clear();
    }
    // the newest sample always has the newest value; it becomes fixed when it is old enough
    if (samples.size() > 1 && nanos - beforeLast().nanos() < SPACING) {
      samples.removeLast();
    }
    samples.addLast(new Sample(nanos, value));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW) {
      samples.removeFirst();
    }
  }

  private Sample beforeLast() {
    Sample last = samples.removeLast();
    Sample before = samples.getLast();
    samples.addLast(last);
    return before;
  }

  /** Per second; 0 when too little is known. */
  double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    return nanos <= 0 ? 0 : (last.value() - first.value()) * NANOS_PER_SECOND / nanos;
  }
}
