package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The group of the workers: who has which partition of the jobs topic. */
final class SimulatedGroup {

  private final SimulatedCluster cluster;
  private List<SimulatedWorker> owners = List.of();
  private int generation;

  SimulatedGroup(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  int generation() {
    return generation;
  }

  TreeSet<Integer> partitionsOf(SimulatedWorker worker) {
    TreeSet<Integer> partitions = new TreeSet<>();
    for (int i = 0; i < owners.size(); i++) {
      if (owners.get(i) == worker) {
        partitions.add(i);
      }
    }
    return partitions;
  }

  /** Shares the partitions out among these. */
  void rebalance(List<SimulatedWorker> members) {
    generation++;
    List<SimulatedWorker> shared = new ArrayList<>();
    int start = cluster.random.nextInt(SimulatedTopics.JOB_PARTITIONS);
    for (int i = 0; i < SimulatedTopics.JOB_PARTITIONS && !members.isEmpty(); i++) {
      shared.add(members.get((start + i) % members.size()));
    }
    owners = shared;
  }

  /** Whether the group stands there now: only for who belongs to its present generation. */
  boolean commit(SimulatedWorker worker, int ofGeneration, int partition, long offset) {
    boolean member = ofGeneration == generation && partitionsOf(worker).contains(partition);
    if (member) {
      cluster.topics.commit(partition, offset);
    }
    return member;
  }
}
