package io.bgfetch.gateway.shard;

import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.time.Duration;

/**
 * The numbers by which a shard decides.
 *
 * @param silentTicks seconds of silence after which a worker is taken for dead; a job is not lost
 *     before it has been out of the queue for as long
 * @param unseenTicks seconds after which a job that nobody reported is lost at the earliest
 * @param lostLimit workers that one record may lose in a row
 * @param hostLimits of each host, over the whole cluster
 * @param layout of the lanes on the jobs topic
 * @param retryBase the first wait before another try
 * @param retryCap the longest wait
 * @param quotaBytes that each tenant may store, or {@link Quota#UNLIMITED}
 * @param waitingFloor jobs of the shard that may wait even when nothing is finished
 */
record ShardRules(
    int silentTicks,
    int unseenTicks,
    int lostLimit,
    HostLimits hostLimits,
    LaneLayout layout,
    Duration retryBase,
    Duration retryCap,
    long quotaBytes,
    int waitingFloor) {

  /** What the floors of all shards together are: about what one worker holds. */
  private static final int FLOORS = 2_048;

  private static final int SMALLEST_FLOOR = 16;
  private static final int LARGEST_FLOOR = 512;

  static ShardRules of(
      int shards,
      LaneLayout layout,
      HostLimits hostLimits,
      Duration retryBase,
      Duration retryCap,
      long quotaBytes) {
    return new ShardRules(
        10,
        15,
        3,
        hostLimits,
        layout,
        retryBase,
        retryCap,
        quotaBytes,
        Math.clamp(FLOORS / shards, SMALLEST_FLOOR, LARGEST_FLOOR));
  }
}
