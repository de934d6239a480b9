package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster in one thread and in simulated time: gateways with the real core of the shards,
 * workers, Kafka, Postgres, the blob store and an origin. Everything that happens follows from a
 * seed.
 */
final class SimulatedCluster {

  static final int SHARDS = 2;
  private static final int GATEWAYS = 2;
  private static final int WORKERS = 3;
  private static final int CHAOS_MILLIS = 18_000;
  private static final int CALM_MILLIS = 100_000;
  private static final int DISTURB_EVERY_MILLIS = 250;

  final RandomGenerator random;
  final Schedule schedule;
  final Faults faults;
  final Invariants invariants = new Invariants(this);
  final SimulatedTopics topics;
  final SimulatedStore store;
  final SimulatedOrigin origin;
  final SimulatedGroup group;
  final Map<String, String> blobs = new HashMap<>();
  final long quota;

  /** So many jobs a worker takes before it leaves the others in the queue. */
  final int roomOfWorkers;

  private final Set<Rule> broken;
  private final List<SimulatedGateway> gateways = new ArrayList<>();
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final SimulatedGateway[] owners = new SimulatedGateway[SHARDS];
  private boolean calm;
  private int names;

  /**
   * One that does not run yet.
   *
   * @param broken rules that it does not keep
   * @param always faults that it has in any case
   */
  SimulatedCluster(long seed, Set<Rule> broken, Set<Fault> always) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
    this.broken = broken;
    this.schedule = new Schedule(random);
    this.faults = new Faults(random, always);
    this.quota = random.nextInt(4) == 0 ? 150 : Quota.UNLIMITED;
    this.roomOfWorkers = random.nextBoolean() ? 4 : 16;
    this.topics = new SimulatedTopics(this, SHARDS);
    this.store = new SimulatedStore(this, SHARDS);
    this.origin = new SimulatedOrigin(this);
    this.group = new SimulatedGroup(this);
  }

  boolean holds(Rule rule) {
    return !broken.contains(rule);
  }

  /** Runs it to its rest; fails where an invariant does not hold. */
  void run() {
    for (int i = 0; i < GATEWAYS; i++) {
      gateways.add(new SimulatedGateway(this, "gateway-" + ++names));
    }
    for (int i = 0; i < WORKERS; i++) {
      addWorker();
    }
    moveShards();
    moveJobs();
    new SimulatedClients(this).begin(CHAOS_MILLIS);
    disturb();
    long end = schedule.now() + CHAOS_MILLIS;
    while (schedule.now() < end) {
      schedule.step();
    }
    calmDown();
    for (long look = end; !atRest(); ) {
      if (schedule.now() > end + CALM_MILLIS) {
        invariants.violated("not at rest: " + unrest());
      }
      look += 1_000;
      while (schedule.now() < look) {
        schedule.step();
      }
    }
    invariants.checkAtRest();
  }

  private void disturb() {
    if (calm) {
      return;
    }
    if (faults.strikes(Fault.POSTGRES_OUTAGE)) {
      store.breakDown(schedule.between(100, 6_000));
    }
    if (faults.strikes(Fault.KAFKA_OUTAGE)) {
      topics.breakDown(schedule.between(100, 8_000));
    }
    if (faults.strikes(Fault.SHARDS_MOVE)) {
      moveShards();
    }
    if (faults.strikes(Fault.JOBS_MOVE)) {
      moveJobs();
    }
    if (faults.strikes(Fault.GROUP_OFFSETS_FALL_BACK)) {
      int partition = random.nextInt(SimulatedTopics.JOB_PARTITIONS);
      topics.committed[partition] =
          Math.max(0, topics.committed[partition] - schedule.between(1, 4));
      moveJobs();
    }
    if (faults.strikes(Fault.JOBS_TOPIC_LOST)) {
      topics.jobs.forEach(SimulatedLog::lose);
    }
    if (faults.strikes(Fault.EVENTS_TOPIC_LOST)) {
      topics.events.forEach(SimulatedLog::lose);
    }
    if (faults.strikes(Fault.HOST_IS_SILENT)) {
      origin.fallSilent(schedule.between(3_000, 15_000));
    }
    schedule.after(DISTURB_EVERY_MILLIS, this::disturb);
  }

  private void calmDown() {
    calm = true;
    faults.end();
    store.recover();
    topics.recover();
    schedule.after(2_000, this::settleShards);
    schedule.after(15_000, this::letGoOn);
  }

  /** Only what belongs to the dead and the stopped moves: a move makes good for much. */
  private void settleShards() {
    boolean lost = false;
    for (SimulatedGateway owner : owners) {
      lost |= owner == null || !owner.alive() || owner.stalled();
    }
    if (lost) {
      moveShards();
    }
  }

  /** Nobody is stopped any more: the groups settle, and what is paused is resumed. */
  private void letGoOn() {
    settleShards();
    moveJobs();
    store.rows().forEach(row -> anyGateway().resume(row.uid()));
    schedule.after(15_000, this::letGoOn);
  }

  /** What the run came to: the same for the same seed. */
  String trace() {
    return schedule.now()
        + " "
        + faults.struck()
        + store.rows().stream().map(SimulatedRow::state).toList()
        + blobs.keySet().stream().sorted().toList();
  }

  private boolean atRest() {
    return workers.stream().allMatch(SimulatedWorker::idle)
        && store.rows().stream()
            .allMatch(row -> !row.active() && row.publishedVersion >= row.endVersion);
  }

  private String unrest() {
    return store.rows().stream()
            .filter(row -> row.active() || row.publishedVersion < row.endVersion)
            .map(row -> row.state() + " published " + row.publishedVersion)
            .toList()
        + ", idle workers: "
        + workers.stream().map(SimulatedWorker::idle).toList();
  }

  // ---- processes

  private void addWorker() {
    SimulatedWorker worker = new SimulatedWorker(this, "worker-" + ++names);
    workers.add(worker);
    worker.start();
  }

  /** A worker that has a task of this attempt and was not hindered from saying so. */
  @Nullable SimulatedWorker holderOf(SimulatedTopics.Attempt attempt) {
    return workers.stream()
        .filter(worker -> worker.holds(attempt) && !worker.hindered())
        .findAny()
        .orElse(null);
  }

  SimulatedGateway anyGateway() {
    return gateways.get(random.nextInt(gateways.size()));
  }

  /** A process died: the groups see it after a while, and another one is started. */
  void died(SimulatedProcess process) {
    if (process instanceof SimulatedGateway gateway) {
      gateways.remove(gateway);
      gateways.add(new SimulatedGateway(this, "gateway-" + ++names));
      schedule.after(schedule.between(200, 3_000), this::moveShards);
    } else {
      workers.remove(process);
      addWorker();
      schedule.after(schedule.between(200, 3_000), this::moveJobs);
    }
  }

  /** A process stands still, or waits for long: it may be taken for dead. */
  void stalled(SimulatedProcess process) {
    if (random.nextInt(3) > 0) {
      schedule.after(
          schedule.between(100, 3_000),
          process instanceof SimulatedGateway ? this::moveShards : this::moveJobs);
    }
  }

  void left(SimulatedWorker worker) {
    worker.exit();
    workers.remove(worker);
    addWorker();
    moveJobs();
  }

  // ---- who has what

  private void moveShards() {
    List<SimulatedGateway> members = members(gateways);
    for (int shard = 0; shard < SHARDS && !members.isEmpty(); shard++) {
      SimulatedGateway before = owners[shard];
      SimulatedGateway next = members.get(random.nextInt(members.size()));
      owners[shard] = next;
      int number = shard;
      if (before != null && before != next) {
        before.after(schedule.between(1, 1_500), () -> assigned(before, number));
      }
      next.after(schedule.between(1, 300), () -> assigned(next, number));
    }
  }

  private void assigned(SimulatedGateway gateway, int shard) {
    if (owners[shard] == gateway) {
      gateway.own(shard);
    } else {
      gateway.release(shard);
    }
  }

  private void moveJobs() {
    group.rebalance(members(workers));
  }

  private <P extends SimulatedProcess> List<P> members(List<P> processes) {
    List<P> members = new ArrayList<>();
    for (P process : processes) {
      if (process.alive() && (!process.stalled() || random.nextInt(4) == 0)) {
        members.add(process);
      }
    }
    return members;
  }

  /** There is an event for a shard. */
  void told(int shard) {
    SimulatedGateway owner = owners[shard];
    if (owner != null) {
      owner.told(shard);
    }
  }
}
