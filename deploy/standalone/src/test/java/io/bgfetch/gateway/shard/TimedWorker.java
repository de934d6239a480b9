package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.worker.lane.Flow;
import io.bgfetch.worker.lane.Lanes;
import io.bgfetch.worker.lane.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A worker with the real lanes: it takes jobs while it has room, commits, lets them have their
 * turns, and reports. What a fetch costs of its processor is paid one after the other; the rest is
 * waiting for the host.
 */
final class TimedWorker {

  static final int CONCURRENCY = 256;
  private static final int MOST_HELD = 9 * CONCURRENCY;
  private static final long COMMIT = 5 * Timeline.MILLI;
  private static final long REPORT = 500 * Timeline.MILLI;
  private static final long GOOD_FOR_MILLIS = 2_000;
  private static final long TICK = 100 * Timeline.MILLI;
  private static final long ASK_AGAIN = Timeline.SECOND;

  private final TimedCluster cluster;
  private final Timeline time;
  private final String name;
  private final long fetchCosts;
  private final List<Integer> partitions;
  private final Lanes<HeldJob> lanes;
  private final List<TimedLink> links;
  private final Map<Task, HeldJob> held = new LinkedHashMap<>();
  private int onTheWay;
  private int tokens;
  private int cursor;
  private long processorFreeAt;
  private boolean polling;

  /** What became of a job. */
  private static final class HeldJob {
    final FetchJob job;
    final Task task;
    final Flow flow;
    boolean started;
    boolean sent;
    boolean dropped;

    HeldJob(FetchJob job, Task task) {
      this.job = job;
      this.task = task;
      this.flow = new Flow(LaneLayout.hostOf(job.lane()), job.tenant(), job.uid());
    }
  }

  /**
   * A worker that runs.
   *
   * @param fetchCosts microseconds of its processor for one fetch
   */
  TimedWorker(
      TimedCluster cluster,
      int number,
      HostLimits hostLimits,
      Set<Integer> partitions,
      long fetchCosts) {
    this.cluster = cluster;
    this.time = cluster.time;
    this.name = "worker-" + number;
    this.fetchCosts = fetchCosts;
    this.partitions = List.copyOf(partitions);
    this.lanes =
        new Lanes<>(
            new Limits(new LaneLayout(TimedJobs.PARTITIONS), hostLimits, CONCURRENCY),
            () -> Instant.ofEpochMilli(time.millis()));
    this.links = cluster.shards.stream().map(shard -> new TimedLink(time)).toList();
    lanes.own(partitions);
    time.after(time.about(REPORT), this::report);
    time.after(time.about(TICK), this::tick);
  }

  /** Time alone may let something start. */
  private void tick() {
    startWhatMay();
    time.after(TICK, this::tick);
  }

  /** There is a job in one of its partitions. */
  void queued() {
    if (!polling && held.size() + onTheWay < MOST_HELD) {
      polling = true;
      time.after(time.about(3 * Timeline.MILLI), this::poll);
    }
  }

  /** One partition after the other, as the consumer hands out what it has read. */
  private void poll() {
    List<FetchJob> batch = new ArrayList<>();
    for (int i = 0; i < partitions.size() && batch.size() < CONCURRENCY; i++) {
      int partition = partitions.get(cursor % partitions.size());
      cluster.jobs.take(partition, CONCURRENCY - batch.size(), batch::add);
      if (cluster.jobs.isEmpty(partition)) {
        cursor++;
      }
    }
    onTheWay += batch.size();
    time.after(
        time.about(COMMIT),
        () -> {
          polling = false;
          onTheWay -= batch.size();
          take(batch);
          pollAgain();
        });
  }

  private void pollAgain() {
    if (partitions.stream().anyMatch(partition -> !cluster.jobs.isEmpty(partition))) {
      queued();
    }
  }

  private void take(List<FetchJob> batch) {
    for (FetchJob job : batch) {
      HeldJob taken = new HeldJob(job, job.task(name + "-" + ++tokens));
      held.put(taken.task, taken);
      lanes.enter(taken.flow, taken);
    }
    startWhatMay();
  }

  private void startWhatMay() {
    for (Optional<HeldJob> next = lanes.next(); next.isPresent(); next = lanes.next()) {
      begin(next.get());
    }
  }

  private void begin(HeldJob job) {
    job.started = true;
    cluster.started(job.job);
    if (time.millis() - job.job.releasedAt() < GOOD_FOR_MILLIS) {
      fetch(job);
    } else {
      ask(job);
    }
  }

  private void ask(HeldJob job) {
    if (!job.sent && !job.dropped) {
      tell(job, new FetchEvent.Asked(name, job.task));
      time.after(ASK_AGAIN, () -> ask(job));
    }
  }

  /** An order came from a shard. */
  void ordered(ControlMessage message) {
    switch (message) {
      case ControlMessage.Granted granted -> {
        HeldJob job = held.get(granted.task());
        if (job != null && job.started && !job.sent) {
          fetch(job);
        }
      }
      case ControlMessage.Drop drop -> {
        HeldJob job = held.get(drop.task());
        if (job != null) {
          drop(job);
        }
      }
      default -> {}
    }
  }

  private void drop(HeldJob job) {
    held.remove(job.task);
    job.dropped = true;
    if (job.started) {
      lanes.leave(job.flow);
    } else {
      lanes.remove(job.job.uid(), waiting -> waiting == job);
    }
    startWhatMay();
  }

  private void fetch(HeldJob job) {
    job.sent = true;
    processorFreeAt = Math.max(processorFreeAt, time.now()) + fetchCosts;
    TimedHost host = cluster.host(job.flow.host());
    time.at(processorFreeAt + time.about(host.micros()), () -> over(job, host));
  }

  private void over(HeldJob job, TimedHost host) {
    if (job.dropped) {
      return;
    }
    if (host.answers()) {
      lanes.answered(host.name());
    }
    lanes.leave(job.flow);
    tell(job, host.answers() ? success(job) : silence(job));
    links
        .get(job.job.shard())
        .send(
            () -> {
              held.remove(job.task);
              pollAgain();
            });
    startWhatMay();
  }

  private FetchEvent success(HeldJob job) {
    return new FetchEvent.Settled(
        name, job.task, FetchResult.SUCCESS, null, null, null, null, 100, 0);
  }

  private FetchEvent silence(HeldJob job) {
    return new FetchEvent.Broke(name, job.task, "no answer", null, false, null, 0, 60_000, null);
  }

  private void tell(HeldJob job, FetchEvent event) {
    links.get(job.job.shard()).send(() -> cluster.shards.get(job.job.shard()).hear(event));
  }

  private void report() {
    Map<Integer, List<FetchEvent.Progress>> byShard = new TreeMap<>();
    for (HeldJob job : held.values()) {
      byShard
          .computeIfAbsent(job.job.shard(), shard -> new ArrayList<>())
          .add(new FetchEvent.Progress(job.task, job.started, 0, 0, 0));
    }
    byShard.forEach(
        (shard, tasks) ->
            links
                .get(shard)
                .send(
                    () ->
                        cluster.shards.get(shard).hear(new FetchEvent.Report(name, 0, 0, tasks))));
    time.after(REPORT, this::report);
  }
}
