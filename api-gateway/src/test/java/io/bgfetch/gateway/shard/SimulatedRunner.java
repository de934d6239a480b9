package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.gateway.shard.SimulatedStore.Transaction;
import io.bgfetch.gateway.shard.SimulatedTopics.News;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One ownership of one shard: the real core, driven as {@link ShardRunner} drives it, where every
 * word to Postgres or Kafka takes time and may be the last one.
 */
final class SimulatedRunner {

  private static final long SWEEP_MILLIS = 2_000;
  private static final long IDLE_MILLIS = 250;
  private static final long LOCK_MILLIS = 5_000;
  private static final int SLOW_MILLIS = 15_000;
  private static final long UNSAVED = 20;
  private static final int MOST_EVENTS = 8;

  private final SimulatedGateway gateway;
  private final SimulatedCluster cluster;
  private final SimulatedStore store;
  private final SimulatedTopics topics;
  private final int shard;
  private final String owner;
  private final Shard core;
  private final Set<UUID> poked = new LinkedHashSet<>();
  private final Set<UUID> endedToTell = new LinkedHashSet<>();
  private final Set<UUID> endsUnderWay = new HashSet<>();
  private final Map<UUID, Long> told = new HashMap<>();
  private final UnreadTicks ticks = new UnreadTicks();
  private final WaitingLooks waitingLooks;
  private long position;
  private long savedPosition;
  private long decidesFrom;
  private long sweepAt;
  private boolean caughtUp;
  private boolean stopped;
  private boolean over;
  private boolean waiting;
  private boolean tickUnderWay;
  private long wait;
  private @Nullable Transaction transaction;

  SimulatedRunner(SimulatedGateway gateway, int shard, String owner) {
    this.gateway = gateway;
    this.cluster = gateway.cluster;
    this.store = cluster.store;
    this.topics = cluster.topics;
    this.shard = shard;
    this.owner = owner;
    this.waitingLooks = new WaitingLooks(cluster.schedule::now);
    ShardRules rules =
        new ShardRules(
            cluster.holds(Rule.SILENT_WORKERS_LOSE_THEIR_JOBS) ? 4 : 100_000,
            6,
            cluster.holds(Rule.LOSSES_ARE_LIMITED) ? 3 : 100_000,
            HostLimits.same(HostLimit.ofConcurrency(4)),
            new LaneLayout(SimulatedTopics.JOB_PARTITIONS),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            cluster.quota,
            4);
    this.core = new Shard(owner, rules, cluster.random);
  }

  // ---- taking over

  void run() {
    ask(
        () -> topics.down() ? null : store.takeOver(shard, owner, events().incarnation()),
        offset -> {
          if (offset == null) {
            run();
            return;
          }
          position = offset;
          savedPosition = offset;
          decidesFrom = events().end();
          ask(() -> store.sweep(shard, core.known()), this::begin);
        });
  }

  private void begin(List<SimulatedRow> found) {
    found.forEach(this::load);
    readStorage();
    tick();
    sweepAt = cluster.schedule.now();
    next();
  }

  private SimulatedLog<FetchEvent> events() {
    return topics.events.get(shard);
  }

  private void load(SimulatedRow row) {
    if (!core.knows(row.uid())) {
      core.load(terms(row.terms), row.state(), store.released(row));
      if (row.dispatched > 0) {
        waitingLooks.someMayWait();
      }
      announce(row);
    }
  }

  private RegistrationTerms terms(RegistrationTerms terms) {
    RetryPolicy retry = terms.retry();
    return cluster.holds(Rule.UNSAFE_IS_NOT_REPEATED)
        ? terms
        : new RegistrationTerms(
            terms.uid(),
            terms.tenant(),
            terms.shard(),
            new RetryPolicy(retry.limit(), retry.statuses(), true),
            terms.timeouts());
  }

  private void readStorage() {
    Map<String, Long> sums = new HashMap<>(store.storage());
    sums.keySet().retainAll(core.tenantsWithQuota());
    core.hearOfStorage(sums);
    core.hearOfBlocks(store.blocks(), cluster.schedule.now());
    if (shard == 0 && !core.blockedHosts().isEmpty()) {
      say(new ControlMessage.Blocked(core.blockedHosts()));
    }
  }

  private void tick() {
    if (over) {
      return;
    }
    if (!tickUnderWay || !cluster.holds(Rule.TICKS_WAIT_FOR_EACH_OTHER)) {
      tickUnderWay = true;
      gateway.producer(events()).send(new FetchEvent.Tick(owner), this::ticked);
    }
    gateway.after(1_000, this::tick);
  }

  private void ticked(@Nullable Long offset) {
    tickUnderWay = false;
    if (offset != null) {
      ticks.written(offset);
    }
  }

  /** Ends the ownership after the step that is under way. */
  void stop() {
    stopped = true;
    wake();
  }

  /** A question to Postgres; the ownership is over where it cannot be asked. */
  private <T extends @Nullable Object> void ask(Supplier<T> question, Consumer<T> then) {
    gateway.soon(
        () -> {
          if (over) {
            return;
          }
          if (store.down()) {
            fail();
            return;
          }
          T answer = question.get();
          boolean slow = cluster.faults.strikes(Fault.QUESTION_IS_SLOW);
          gateway.after(
              slow ? cluster.schedule.between(1_000, SLOW_MILLIS) : cluster.schedule.between(1, 4),
              () -> {
                if (!over) {
                  then.accept(answer);
                }
              });
        });
  }

  private void fail() {
    over = true;
    if (transaction != null) {
      store.rollBack(transaction);
    }
    gateway.runnerOver(shard, this);
  }

  // ---- steps

  private void next() {
    if (stopped) {
      fail();
    } else if (events().end() != position || core.wantsToRelease()) {
      gateway.soon(this::step);
    } else {
      waiting = true;
      long mine = ++wait;
      gateway.after(
          IDLE_MILLIS,
          () -> {
            if (mine == wait) {
              wake();
            }
          });
    }
  }

  /** There is an event, or time has passed. */
  void wake() {
    if (waiting) {
      waiting = false;
      gateway.soon(this::step);
    }
  }

  private void step() {
    if (over) {
      return;
    }
    boolean anew = events().end() < position;
    List<FetchEvent> batch =
        topics.down()
            ? List.of()
            : events().read(anew ? 0 : position, 1 + cluster.random.nextInt(MOST_EVENTS));
    if (anew && !batch.isEmpty()) {
      fail(); // the events topic begins anew
      return;
    }
    caughtUp |= position >= decidesFrom;
    takePokes(batch);
    loadNew(batch);
  }

  private void takePokes(List<FetchEvent> batch) {
    for (FetchEvent event : batch) {
      switch (event) {
        case FetchEvent.Registered registered -> poked.add(registered.uid());
        case FetchEvent.Changed changed -> {
          waitingLooks.someMayWait();
          if (!core.knows(changed.uid())) {
            endedToTell.add(changed.uid());
          }
        }
        default -> {}
      }
    }
  }

  private void loadNew(List<FetchEvent> batch) {
    Set<UUID> uids = new LinkedHashSet<>(poked);
    poked.clear();
    boolean sweep = cluster.schedule.now() >= sweepAt;
    if (uids.isEmpty() && !sweep) {
      plan(batch);
      return;
    }
    ask(
        () -> {
          store.poked(uids).forEach(this::load);
          if (sweep) {
            sweep();
          }
          return true;
        },
        done -> plan(batch));
  }

  private void sweep() {
    sweepAt = cluster.schedule.now() + SWEEP_MILLIS;
    waitingLooks.someMayWait();
    core.lookAgainAtPaused();
    readStorage();
    if (cluster.holds(Rule.SWEEP_FINDS_NEW_ONES)) {
      store.sweep(shard, core.known()).forEach(this::load);
    }
    if (cluster.holds(Rule.SWEEP_FINDS_UNPUBLISHED_ENDS)) {
      List<SimulatedRow> left = store.unpublishedEnds(shard);
      left.forEach(this::announce);
      Set<UUID> ended = left.stream().map(SimulatedRow::uid).collect(Collectors.toSet());
      core.forget(ended);
      store.stopWaiting(ended);
    }
  }

  private void plan(List<FetchEvent> batch) {
    Map<UUID, Run> looks = core.takeLooks();
    if (looks.isEmpty()) {
      lookForWaiting(batch);
      return;
    }
    ask(
        () -> store.hostsAhead(looks),
        found -> {
          core.hearOfHosts(found);
          lookForWaiting(batch);
        });
  }

  private void lookForWaiting(List<FetchEvent> batch) {
    if (!caughtUp || !waitingLooks.due() || !core.hasRoom()) {
      plan(batch, List.of());
      return;
    }
    ask(
        () -> {
          List<Waiting> found = store.waiting(shard, core.withoutRoom());
          waitingLooks.looked(!found.isEmpty(), !found.isEmpty() || store.someWait(shard));
          return found;
        },
        found -> plan(batch, found));
  }

  private void plan(List<FetchEvent> batch, List<Waiting> waiting) {
    Plan plan = core.plan(batch, waiting, caughtUp);
    waitingLooks.followedBy(plan.releases());
    carryOut(batch, plan);
  }

  private void carryOut(List<FetchEvent> batch, Plan plan) {
    long after = position + batch.size();
    if (plan.isEmpty() && core.isSilent(batch) && after - savedPosition < UNSAVED) {
      core.pass(batch);
      position = after;
      tellEnded();
      return;
    }
    QueueView queue = plan.silent().isEmpty() ? null : queue();
    lock(batch, plan, queue, cluster.schedule.now() + LOCK_MILLIS);
  }

  private @Nullable QueueView queue() {
    QueueView seen = topics.queue();
    if (seen == null || cluster.holds(Rule.QUEUED_IS_NOT_LOST)) {
      return seen == null || cluster.holds(Rule.OFFSETS_OUTSIDE_THE_LOG_ARE_ITS_START)
          ? seen
          : new QueueView(seen.starts(), seen.ends(), withinTheLog(seen));
    }
    return new QueueView(seen.starts(), seen.ends(), seen.ends());
  }

  private static Map<Integer, Long> withinTheLog(QueueView seen) {
    Map<Integer, Long> committed = new HashMap<>(seen.committed());
    committed.replaceAll((partition, offset) -> Math.min(offset, seen.ends().get(partition)));
    return committed;
  }

  private void lock(List<FetchEvent> batch, Plan plan, @Nullable QueueView queue, long deadline) {
    gateway.soon(
        () -> {
          if (over) {
            return;
          }
          boolean late = cluster.schedule.now() > deadline;
          if (late || store.down() || !store.owns(shard, owner)) {
            fail();
            return;
          }
          Transaction begun = store.begin(shard, owner, plan.uids());
          if (begun == null) {
            lock(batch, plan, queue, deadline);
            return;
          }
          transaction = begun;
          long now = cluster.schedule.now();
          List<RegistrationState> rows = begun.locked().stream().map(this::stateOf).toList();
          gateway.soon(
              () -> decide(new Given(batch, plan, rows, store.requests(plan), queue, now)));
        });
  }

  private RegistrationState stateOf(UUID uid) {
    RegistrationState row = store.row(uid).state();
    return cluster.holds(Rule.PAUSED_RELEASES_NOTHING) || !row.paused()
        ? row
        : new RegistrationState(
            uid,
            false,
            row.version(),
            row.total(),
            row.dispatched(),
            row.settled(),
            row.succeeded(),
            row.failed(),
            row.downloadTotal(),
            row.downloaded(),
            row.uploaded(),
            row.firstFailure());
  }

  private void decide(Given given) {
    if (over) {
      return;
    }
    long after = position + given.events().size();
    core.hearOfTicksAhead(cluster.holds(Rule.UNREAD_TICKS_ARE_NO_SILENCE) ? ticks.from(after) : 0);
    Decision decision = core.decide(given);
    boolean early = !cluster.holds(Rule.COMMIT_COMES_BEFORE_SEND);
    if (early) {
      send(decision);
    }
    boolean slow = cluster.faults.strikes(Fault.TRANSACTION_IS_SLOW);
    if (slow) {
      cluster.stalled(gateway);
    }
    long takes = slow ? cluster.schedule.between(100, 6_000) : cluster.schedule.between(1, 4);
    gateway.after(takes, () -> commit(given, decision, early));
  }

  private void commit(Given given, Decision decision, boolean sent) {
    Transaction mine = transaction;
    long after = position + given.events().size();
    if (over) {
      return;
    }
    if (mine == null || !store.isOpen(mine) || !store.stands(shard, savedPosition)) {
      fail();
      return;
    }
    if (cluster.faults.strikes(Fault.COMMIT_LOST)) {
      if (!cluster.holds(Rule.OFFSET_IS_IN_THE_TRANSACTION)) {
        store.advance(shard, after);
      }
      fail();
      return;
    }
    store.advance(shard, after);
    store.commit(mine, decision);
    transaction = null;
    if (cluster.faults.strikes(Fault.COMMIT_UNKNOWN)) {
      fail();
      return;
    }
    List<Snapshot> changed = new ArrayList<>();
    mine.locked().forEach(uid -> changed.add(snapshot(store.row(uid))));
    gateway.soon(
        () -> {
          if (over) {
            return;
          }
          position = after;
          savedPosition = after;
          if (!sent) {
            send(decision);
          }
          changed.forEach(this::announce);
          endedToTell.addAll(decision.foundEnded());
          tellEnded();
        });
  }

  private void send(Decision decision) {
    if (decision.underWay().values().stream().anyMatch(UnderWay::waiting)) {
      waitingLooks.someMayWait();
    }
    for (Decision.Release release : decision.releases()) {
      gateway
          .producer(topics.jobs.get(release.partition()))
          .send(
              release.job(),
              offset ->
                  core.produced(
                      release.job(),
                      offset == null ? null : new Barrier.At(release.partition(), offset)));
    }
    for (ControlMessage message : decision.control()) {
      if (!(message instanceof ControlMessage.Drop)
          || cluster.holds(Rule.STALE_TASKS_ARE_DROPPED)) {
        say(message);
      }
    }
  }

  private void say(ControlMessage message) {
    gateway
        .producer(topics.control)
        .send(
            message,
            offset -> {
              if (offset != null && message instanceof ControlMessage.Blocked blocked) {
                cluster.invariants.told(blocked);
              }
            });
  }

  // ---- telling

  private void tellEnded() {
    if (endedToTell.isEmpty()) {
      next();
      return;
    }
    Set<UUID> uids = new LinkedHashSet<>(endedToTell);
    endedToTell.clear();
    ask(
        () -> store.ended(uids).stream().map(this::snapshot).toList(),
        ended -> {
          ended.forEach(this::announce);
          next();
        });
  }

  /** A row as it was committed. */
  private record Snapshot(UUID uid, boolean active, long version, boolean endIsOut) {}

  private Snapshot snapshot(SimulatedRow row) {
    boolean ends = !row.active() && cluster.holds(Rule.END_HAS_ITS_VERSION);
    return new Snapshot(
        row.uid(),
        row.active(),
        ends ? row.endVersion : row.version,
        !row.active() && row.publishedVersion >= row.endVersion);
  }

  private void announce(SimulatedRow row) {
    announce(snapshot(row));
  }

  private void announce(Snapshot state) {
    if (!state.active()) {
      if (!cluster.holds(Rule.NO_PROGRESS_HAS_THE_VERSION_OF_THE_END)) {
        publish(new News(state.uid(), state.version(), false), sent -> {});
      }
      publishEnd(state);
    } else if (told.getOrDefault(state.uid(), 0L) < state.version()) {
      told.put(state.uid(), state.version());
      publish(new News(state.uid(), state.version(), false), sent -> {});
    }
  }

  private void publishEnd(Snapshot end) {
    if (!end.endIsOut() && endsUnderWay.add(end.uid())) {
      publish(
          new News(end.uid(), end.version(), true),
          offset -> {
            if (offset == null || store.down()) {
              endsUnderWay.remove(end.uid());
            } else {
              store.published(end.uid(), end.version());
              gateway.soon(() -> endsUnderWay.remove(end.uid()));
            }
          });
    }
  }

  private void publish(News news, Consumer<@Nullable Long> acknowledged) {
    gateway.producer(topics.progress).send(news, acknowledged);
  }
}
