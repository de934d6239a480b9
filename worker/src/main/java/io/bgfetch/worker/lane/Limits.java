package io.bgfetch.worker.lane;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.util.Set;

/**
 * How many fetches this worker may run at once: in all, and for a host. The latter are the shares
 * of those of the host's lanes whose partitions the worker owns; over all workers the shares add up
 * to the host's limit, so that it holds over the cluster without any talk. Belongs to one context.
 */
public final class Limits {

  private final LaneLayout layout;
  private final HostLimits hostLimits;
  private final int concurrency;
  private Set<Integer> owned = Set.of();

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
  void own(Set<Integer> partitions) {
    owned = Set.copyOf(partitions);
  }

  /** The sum of the owned lanes' shares; 0 where the worker has no lane of the host. */
  int shareOf(String host) {
    HostLimit limit = hostLimits.of(host);
    int share = 0;
    for (int k = 0; k < layout.lanes(limit); k++) {
      if (owned.contains(layout.partitionOf(host, k, limit))) {
        share += layout.shareOf(k, limit);
      }
    }
    return share;
  }
}
