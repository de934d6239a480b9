package io.bgfetch.worker.report;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** How fast a count has grown since it was last asked for. Belongs to one context. */
final class Speed {

  private final LongSupplier count;
  private final InstantSource clock;
  private long lastAt;
  private long lastCount;

  /** The speed of a count from now on. */
  Speed(LongSupplier count, InstantSource clock) {
    this.count = count;
    this.clock = clock;
    this.lastAt = clock.millis();
    this.lastCount = count.getAsLong();
  }

  /** So many a second since the last call. */
  long perSecond() {
    long now = clock.millis();
    long reached = count.getAsLong();
    long speed = (reached - lastCount) * 1_000 / Math.max(1, now - lastAt);
    lastAt = now;
    lastCount = reached;
    return speed;
  }
}
