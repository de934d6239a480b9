package io.bgfetch.worker.lane;

import io.bgfetch.lane.LaneLayout;
import java.util.Set;

/**
 * How many fetches this worker may run at once: in all, and for a host. The latter are the shares
 * of those of the host's lanes whose partitions the worker owns; over all workers the shares add up
 * to the host's limit, so that it holds over the cluster without any talk. Belongs to one context.
 */
public final class Limits {

  private final LaneLayout layout;
  private final int hostConcurrency;
  private final int concurrency;
  private Set<Integer> owned = Set.of();

  /**
   * Limits before any partition is owned.
   *
   * @param hostConcurrency fetches at once per host over the whole cluster
   * @param concurrency fetches at once that this worker runs
   */
  public Limits(LaneLayout layout, int hostConcurrency, int concurrency) {
    this.layout = layout;
    this.hostConcurrency = hostConcurrency;
    this.concurrency = concurrency;
  }

  /** Over all hosts. */
  int concurrency() {
    return concurrency;
  }

  /** The partitions of the jobs topic that are this worker's now. */
  void own(Set<Integer> partitions) {
    owned = Set.copyOf(partitions);
  }

  /** The sum of the owned lanes' shares; 0 where the worker has no lane of the host. */
  int shareOf(String host) {
    int share = 0;
    for (int k = 0; k < layout.lanes(hostConcurrency); k++) {
      if (owned.contains(layout.partitionOf(host, k, hostConcurrency))) {
        share += layout.shareOf(k, hostConcurrency);
      }
    }
    return share;
  }
}
