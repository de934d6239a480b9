package io.bgfetch.lane;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * How the lanes of a host lie on the partitions of the jobs topic. Every gateway and worker
 * computes the same layout, so that all jobs of a lane meet in the one worker that owns its
 * partition, and the shares that workers enforce add up to the host's limit without any talk
 * between them.
 *
 * @param partitions of the jobs topic
 */
public record LaneLayout(int partitions) {

  public LaneLayout {
    if (partitions < 1) {
      throw new IllegalArgumentException("a topic has at least one partition, not " + partitions);
    }
  }

  /**
   * How many lanes a host has: as many as may be useful, one a partition. A rate is shared by lanes
   * that may each start at least one fetch a second, so that the burst of each is small beside it.
   */
  public int lanes(HostLimit limit) {
    int most = Math.min(limit.concurrency(), partitions);
    return limit.hasRate() ? (int) Math.clamp(Math.floor(limit.rate()), 1, most) : most;
  }

  /**
   * The partition of lane {@code k} of a host: lanes are spread evenly from the host's own start.
   */
  public int partitionOf(String host, int k, HostLimit limit) {
    int lanes = lanes(limit);
    int start = Math.floorMod(hash(host), partitions);
    return (start + (int) ((long) k * partitions / lanes)) % partitions;
  }

  /** How many fetches lane {@code k} may run at once: its part of the host's concurrency. */
  public int shareOf(int k, HostLimit limit) {
    int lanes = lanes(limit);
    return limit.concurrency() / lanes + (k < limit.concurrency() % lanes ? 1 : 0);
  }

  /** How many fetches each lane may start in a second: its part of the host's rate. */
  public double rateOf(HostLimit limit) {
    return limit.rate() / lanes(limit);
  }

  /** The name of lane {@code k}: the key of its jobs. */
  public static String laneName(String host, int k) {
    return host + "#" + k;
  }

  /** The host of a lane. */
  public static String hostOf(String laneName) {
    return laneName.substring(0, laneName.lastIndexOf('#'));
  }

  private static int hash(String host) {
    CRC32C crc = new CRC32C();
    crc.update(host.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }
}
