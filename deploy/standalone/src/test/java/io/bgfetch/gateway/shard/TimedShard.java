package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The real core of a shard, driven as {@link ShardRunner} drives it, with its partition of the
 * events topic and its rows in Postgres. Both are always there; they only take their time.
 */
final class TimedShard {

  private static final long READ = 3 * Timeline.MILLI;
  private static final long TRANSACTION = 6 * Timeline.MILLI;
  private static final long ROW = 30;
  private static final long IDLE = 250 * Timeline.MILLI;
  private static final long SWEEP = 2 * Timeline.SECOND;
  private static final int MOST_EVENTS = 500;
  private static final int MOST_WAITING = 512;

  private static final Comparator<RecordId> BY_ID =
      Comparator.comparing(RecordId::uid).thenComparing(RecordId::index);

  private final TimedCluster cluster;
  private final Timeline time;
  private final String owner;
  private final Shard core;
  private final TimedLink link;
  private final Deque<FetchEvent> events = new ArrayDeque<>();
  private final Map<UUID, TimedRegistration> rows = new HashMap<>();
  private final Map<RecordId, UnderWay> underWay = new HashMap<>();
  private final TreeSet<RecordId> waiting =
      new TreeSet<>(Comparator.<RecordId, Long>comparing(this::nextTry).thenComparing(BY_ID));
  private final Map<RecordId, String> hosts = new HashMap<>();
  private final WaitingLooks waitingLooks;
  private final Set<UUID> poked = new LinkedHashSet<>();
  private long sweepAt;
  private boolean idle;
  private long wait;

  TimedShard(TimedCluster cluster, int number, ShardRules rules) {
    this.cluster = cluster;
    this.time = cluster.time;
    this.link = new TimedLink(time);
    this.waitingLooks = new WaitingLooks(time::millis);
    this.owner = "owner-" + number;
    this.core = new Shard(owner, rules, cluster.random);
    time.after(time.about(Timeline.SECOND), this::tick);
    next();
  }

  private long nextTry(RecordId id) {
    return Objects.requireNonNull(underWay.get(id).nextTry());
  }

  private void tick() {
    link.send(() -> hear(new FetchEvent.Tick(owner)));
    time.after(Timeline.SECOND, this::tick);
  }

  /** The registration is durable; the shard hears of it. */
  void insert(TimedRegistration registration) {
    rows.put(registration.uid(), registration);
    link.send(() -> hear(new FetchEvent.Registered(registration.uid())));
  }

  /** There is an event at the end of the partition. */
  void hear(FetchEvent event) {
    events.add(event);
    wake();
  }

  private void next() {
    if (!events.isEmpty() || core.wantsToRelease()) {
      time.after(time.about(Timeline.MILLI), this::step);
      return;
    }
    idle = true;
    long mine = ++wait;
    time.after(
        IDLE,
        () -> {
          if (mine == wait) {
            wake();
          }
        });
  }

  private void wake() {
    if (idle) {
      idle = false;
      wait++;
      time.after(time.about(Timeline.MILLI), this::step);
    }
  }

  private void step() {
    List<FetchEvent> batch = new ArrayList<>();
    while (!events.isEmpty() && batch.size() < MOST_EVENTS) {
      batch.add(events.remove());
    }
    for (FetchEvent event : batch) {
      if (event instanceof FetchEvent.Registered registered) {
        poked.add(registered.uid());
      }
    }
    if (time.now() >= sweepAt) {
      sweepAt = time.now() + SWEEP;
      waitingLooks.someMayWait();
    }
    readIf(!poked.isEmpty(), () -> lookAhead(batch));
  }

  private void readIf(boolean needed, Runnable then) {
    time.after(needed ? time.about(READ) : 0, then);
  }

  private void lookAhead(List<FetchEvent> batch) {
    for (UUID uid : poked) {
      TimedRegistration registration = rows.get(uid);
      if (registration.active() && !core.knows(uid)) {
        core.load(registration.terms, registration.row, List.of());
      }
    }
    poked.clear();
    Map<UUID, Run> looks = core.takeLooks();
    readIf(
        !looks.isEmpty(),
        () -> {
          core.hearOfHosts(hostsAhead(looks));
          lookForWaiting(batch);
        });
  }

  private Map<UUID, Stretch> hostsAhead(Map<UUID, Run> looks) {
    Map<UUID, Stretch> found = new HashMap<>();
    looks.forEach(
        (uid, run) -> {
          LinkedHashMap<String, Integer> named = new LinkedHashMap<>();
          for (int i = run.from(); i < run.to(); i++) {
            named.putIfAbsent(rows.get(uid).host(i).name(), i);
          }
          found.put(uid, new Stretch(run, named));
        });
    return found;
  }

  private void lookForWaiting(List<FetchEvent> batch) {
    boolean due = waitingLooks.due() && core.hasRoom();
    readIf(due, () -> plan(batch, due ? readWaiting(core.withoutRoom()) : List.of()));
  }

  private List<Waiting> readWaiting(WithoutRoom except) {
    List<Waiting> found =
        waiting.stream()
            .takeWhile(id -> nextTry(id) <= time.millis())
            .filter(id -> !except.registrations().contains(id.uid()))
            .filter(id -> !except.hosts().contains(hosts.get(id)))
            .limit(MOST_WAITING)
            .map(id -> new Waiting(id, underWay.get(id), hosts.get(id)))
            .toList();
    waitingLooks.looked(!found.isEmpty(), !waiting.isEmpty());
    return found;
  }

  private void plan(List<FetchEvent> batch, List<Waiting> due) {
    Plan plan = core.plan(batch, due, true);
    waitingLooks.followedBy(plan.releases());
    if (plan.isEmpty() && core.isSilent(batch)) {
      core.pass(batch);
      next();
      return;
    }
    time.after(time.about(READ), () -> transact(batch, plan));
  }

  private void transact(List<FetchEvent> batch, Plan plan) {
    QueueView queue = plan.silent().isEmpty() ? null : cluster.jobs.view();
    List<RegistrationState> locked =
        plan.uids().stream()
            .map(rows::get)
            .filter(TimedRegistration::active)
            .map(r -> r.row)
            .toList();
    Decision decision =
        core.decide(new Given(batch, plan, locked, requests(plan), queue, time.millis()));
    int written =
        decision.outcomes().size() + decision.underWay().size() + decision.releases().size();
    time.after(
        time.about(TRANSACTION + written * ROW),
        () -> {
          commit(decision);
          send(decision);
          next();
        });
  }

  private Map<RecordId, FetchRequest> requests(Plan plan) {
    Map<RecordId, FetchRequest> requests = new HashMap<>();
    plan.firsts()
        .forEach(
            (uid, first) -> {
              for (int i = first.run().from(); i < first.run().to(); i++) {
                read(new RecordId(uid, i), requests);
              }
            });
    plan.again().forEach(one -> read(one.id(), requests));
    return requests;
  }

  private void read(RecordId id, Map<RecordId, FetchRequest> into) {
    TimedRegistration registration = rows.get(id.uid());
    if (id.index() < registration.row.total()) {
      into.put(id, registration.request(id.index()));
    }
  }

  private void commit(Decision decision) {
    for (Outcome outcome : decision.outcomes()) {
      rows.get(outcome.uid()).end(outcome.index());
      cluster.ended(rows.get(outcome.uid()), outcome);
    }
    decision.underWay().forEach((id, state) -> write(id, decision.hostOf(id), state));
    decision.leftUnderWay().forEach(this::remove);
    decision.changes().forEach(change -> rows.get(change.uid()).become(change, time.seconds()));
  }

  private void write(RecordId id, String host, UnderWay state) {
    remove(id);
    hosts.put(id, host);
    underWay.put(id, state);
    if (state.waiting()) {
      waiting.add(id);
    }
  }

  private void remove(RecordId id) {
    UnderWay before = underWay.get(id);
    if (before != null && before.waiting()) {
      waiting.remove(id);
    }
    underWay.remove(id);
    hosts.remove(id);
  }

  private void send(Decision decision) {
    if (decision.underWay().values().stream().anyMatch(UnderWay::waiting)) {
      waitingLooks.someMayWait();
    }
    for (Decision.Release release : decision.releases()) {
      cluster.released(release.job());
      link.send(
          () -> {
            long offset = cluster.jobs.add(release.partition(), release.job());
            cluster.workerOf(release.partition()).queued();
            core.produced(release.job(), new Barrier.At(release.partition(), offset));
          });
    }
    for (ControlMessage message : decision.control()) {
      link.send(() -> cluster.workers.forEach(worker -> worker.ordered(message)));
    }
  }
}
