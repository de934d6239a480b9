package io.bgfetch.client;

import java.time.Duration;

/** How long something may still take; zero or less when its time is up. */
@FunctionalInterface
interface Deadline {
  Duration left();

  static Deadline in(Duration time) {
    long start = System.nanoTime();
    return () -> time.minusNanos(System.nanoTime() - start);
  }
}
