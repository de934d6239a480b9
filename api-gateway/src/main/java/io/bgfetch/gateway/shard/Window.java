package io.bgfetch.gateway.shard;

/**
 * How many jobs of a shard may wait: a floor, and as many as it saw settled in the last second, so
 * that what is released starts soon and what is not can still be aborted, paused and reordered.
 * What already runs is bounded by the workers' own concurrency and does not count.
 */
final class Window {

  private final int floor;
  private int settledThisTick;
  private int settledPerTick;

  Window(int floor) {
    this.floor = floor;
  }

  void settled(int records) {
    settledThisTick += records;
  }

  /**
   * A second has passed: what was settled in it counts at once when it is more, slowly when less.
   */
  void tick() {
    settledPerTick = Math.max(settledThisTick, (settledPerTick + settledThisTick) / 2);
    settledThisTick = 0;
  }

  /** Slots that are free while {@code waiting} released records have not started. */
  int free(int waiting) {
    return Math.max(0, floor + Math.max(settledPerTick, settledThisTick) - waiting);
  }
}
