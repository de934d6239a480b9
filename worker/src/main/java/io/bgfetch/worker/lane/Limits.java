package io.bgfetch.worker.lane;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many fetches this worker may run at once: in all, and for a host. The latter are the shares
 * of those of the host's lanes whose partitions the worker owns; over all workers the shares add up
 * to the host's limit, so that it holds over the cluster without any talk. Belongs to one context.
 */
public final class Limits {

  private static final int MOST_KNOWN = 10_000;

  private final LaneLayout layout;
  private final HostLimits hostLimits;
  private final int concurrency;
  private final Map<Integer, Long> ownedSince = new HashMap<>();
  private final Map<String, Share> known = new HashMap<>();

  /**
   * Limits before any partition is owned.
   *
   * @param hostLimits over the whole cluster
   * @param concurrency fetches at once that this worker runs
   */
  public Limits(LaneLayout layout, HostLimits hostLimits, int concurrency) {
    this.layout = layout;
    this.hostLimits = hostLimits;
    this.concurrency = concurrency;
  }

  /** Over all hosts. */
  int concurrency() {
    return concurrency;
  }

  /** The partitions of the jobs topic that are this worker's now. */
  void own(Set<Integer> partitions, long now) {
    known.clear();
    ownedSince.keySet().retainAll(partitions);
    partitions.forEach(partition -> ownedSince.putIfAbsent(partition, now));
  }

  /** These partitions are not this worker's any more. */
  void lose(Set<Integer> partitions) {
    known.clear();
    ownedSince.keySet().removeAll(partitions);
  }

  /** What of the host is this worker's; nothing where it has no lane of the host. */
  Share shareOf(String host) {
    Share share = known.get(host);
    if (share == null) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      share = compute(host);
      known.put(host, share);
    }
    return share;
  }

  private Share compute(String host) {
    HostLimit limit = hostLimits.of(host);
    int fetches = 0;
    int lanes = 0;
    long since = 0;
    for (int k = 0; k < layout.lanes(limit); k++) {
      Long owned = ownedSince.get(layout.partitionOf(host, k, limit));
      if (owned != null) {
        fetches += layout.shareOf(k, limit);
        lanes++;
        since = Math.max(since, owned);
      }
    }
    return new Share(fetches, lanes, layout.rateOf(limit), since);
  }

  /**
   * This worker's part of a host.
   *
   * @param fetches that may run at once
   * @param lanes that it owns
   * @param laneRate fetches that may start in a second by each of them
   * @param since when it came to own the latest of them
   */
  record Share(int fetches, int lanes, double laneRate, long since) {

    double rate() {
      return lanes * laneRate;
    }

    /**
     * At least one lane's: a job that was taken must not wait for ever, whatever its sender knew.
     */
    Share orOne() {
      return lanes > 0 ? this : new Share(1, 1, laneRate, since);
    }
  }
}
