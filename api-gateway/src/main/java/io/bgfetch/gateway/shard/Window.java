package io.bgfetch.gateway.shard;

import java.util.HashSet;
import java.util.Set;

/**
 * How many jobs of a shard may wait: a floor, and as many as it saw settled in the last second, so
 * that what is released starts soon and what is not can still be aborted, paused and reordered. For
 * one host these are half of the floor and its own: one that never answers has no more of a window
 * that others made large. What already runs is bounded by the workers' own concurrency and does not
 * count.
 */
final class Window {

  private final int floor;
  private int settledThisTick;
  private int settledPerTick;
  private Counts hostsThisTick = new Counts();
  private Counts hostsPerTick = new Counts();

  Window(int floor) {
    this.floor = floor;
  }

  void settled(String host) {
    settledThisTick++;
    hostsThisTick.add(host, 1);
  }

  /**
   * A second has passed: what was settled in it counts at once when it is more, slowly when less.
   */
  void tick() {
    settledPerTick = perTick(settledPerTick, settledThisTick);
    settledThisTick = 0;
    Counts next = new Counts();
    Set<String> hosts = new HashSet<>(hostsPerTick.names());
    hosts.addAll(hostsThisTick.names());
    hosts.forEach(h -> next.add(h, perTick(hostsPerTick.of(h), hostsThisTick.of(h))));
    hostsPerTick = next;
    hostsThisTick = new Counts();
  }

  private static int perTick(int before, int inThis) {
    return Math.max(inThis, (before + inThis) / 2);
  }

  /** Slots that are free while {@code waiting} released records have not started. */
  int free(int waiting) {
    return Math.max(0, floor + Math.max(settledPerTick, settledThisTick) - waiting);
  }

  /** The most records that may wait for a host, however many slots are free. */
  int most(String host) {
    return floor / 2 + Math.max(hostsPerTick.of(host), hostsThisTick.of(host));
  }
}
