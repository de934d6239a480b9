package io.bgfetch.gateway.shard;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster in simulated time: the real cores of its shards, and the real lanes of its workers.
 * Everything between them takes a few milliseconds and nothing fails. It stands in the package of
 * the core, whose classes nobody else may see, but in this module, which alone sees workers too.
 */
final class TimedCluster {

  static final int SHARDS = 16;
  static final int HOST_CONCURRENCY = 64;

  /** What all workers together can do, as on a small machine. */
  static final int FETCHES_PER_SECOND = 3_000;

  final Random random;
  final Timeline time;
  final TimedJobs jobs = new TimedJobs();
  final List<TimedShard> shards = new ArrayList<>();
  final List<TimedWorker> workers = new ArrayList<>();
  private final Map<String, TimedHost> hosts = new HashMap<>();
  private final Map<String, Integer> endedByTenant = new HashMap<>();
  private final Map<String, Integer> endedByHost = new HashMap<>();
  private int queued;

  TimedCluster(long seed, int workerCount) {
    this.random = new Random(seed);
    this.time = new Timeline(random);
    HostLimits limits = HostLimits.same(HostLimit.ofConcurrency(HOST_CONCURRENCY));
    ShardRules rules =
        ShardRules.of(
            SHARDS,
            new LaneLayout(TimedJobs.PARTITIONS),
            limits,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Quota.UNLIMITED);
    for (int i = 0; i < SHARDS; i++) {
      shards.add(new TimedShard(this, i, rules));
    }
    for (int i = 0; i < workerCount; i++) {
      long costs = Timeline.SECOND * workerCount / FETCHES_PER_SECOND;
      workers.add(new TimedWorker(this, i, limits, partitionsOf(i, workerCount), costs));
    }
  }

  private static Set<Integer> partitionsOf(int worker, int workers) {
    return IntStream.range(0, TimedJobs.PARTITIONS)
        .filter(partition -> partition % workers == worker)
        .boxed()
        .collect(Collectors.toSet());
  }

  TimedWorker workerOf(int partition) {
    return workers.get(partition % workers.size());
  }

  TimedHost host(String name) {
    return hosts.get(name);
  }

  /** A registration is accepted now, and its id falls to some shard. */
  TimedRegistration register(String tenant, int records, TimedHost... asked) {
    return register(random.nextInt(SHARDS), tenant, records, asked);
  }

  TimedRegistration register(int shard, String tenant, int records, TimedHost... asked) {
    UUID uid = new UUID(random.nextLong(), random.nextLong());
    for (TimedHost host : asked) {
      hosts.put(host.name(), host);
    }
    TimedRegistration registration =
        new TimedRegistration(uid, tenant, shard, records, List.of(asked), time.seconds());
    shards.get(shard).insert(registration);
    return registration;
  }

  void released(FetchJob job) {
    queued++;
  }

  void started(FetchJob job) {
    queued--;
  }

  void ended(TimedRegistration of, Outcome outcome) {
    endedByTenant.merge(of.terms.tenant(), 1, Integer::sum);
    endedByHost.merge(of.host(outcome.index()).name(), 1, Integer::sum);
  }

  /** Jobs that are released and have not started. */
  int queued() {
    return queued;
  }

  int endedOf(String tenant) {
    return endedByTenant.getOrDefault(tenant, 0);
  }

  int endedOf(TimedHost host) {
    return endedByHost.getOrDefault(host.name(), 0);
  }
}
