package io.bgfetch.gateway.shard;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.GroupCommit;
import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.news.ProgressTopic;
import io.bgfetch.gateway.shard.ShardRows.Found;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.stats.Bookkeeping;
import io.bgfetch.gateway.stats.Workers;
import io.bgfetch.message.FetchEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ownership of one shard: from its take-over on it steps the core, one transaction after the
 * other, until it fails or is stopped. It never goes on after a failure: whoever made it makes
 * another one, which loads anew. Lives on one context.
 */
final class ShardRunner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardRunner.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SWEEP = Duration.ofSeconds(2);
  private static final Duration STEP_WITHIN = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMillis(250);
  private static final int WAITING_READ = 512;
  private static final int UNSAVED = 1_000;
  private static final Duration GATHER = Duration.ofMillis(20);

  /** So many events in one step are a sign of more. */
  private static final int MANY = 16;

  private final Vertx vertx;
  private final Pool pool;
  private final int number;
  private final String owner;
  private final ShardKafka kafka;
  private final PgShardStore store;
  private final Shard core;
  private final PgPublishing publishing;
  private final Announcements announcements;
  private final Publisher publisher;
  private final Feed feed;
  private final StepTurns turns;
  private final BlockRounds blocks;
  private final RollCall workers;
  private final Bookkeeping books;
  private final Supplier<Map<String, Integer>> running;
  private final UnreadTicks ticks = new UnreadTicks();
  private final Set<UUID> poked = new HashSet<>();
  private final WaitingLooks waitingLooks = new WaitingLooks(ShardRunner::now);

  private long position;
  private long savedPosition;
  private long decidesFrom;
  private boolean caughtUp;
  private boolean sweepDue = true;
  private boolean storageDue = true;
  private long tickTimer = -1;
  private long sweepTimer = -1;
  private boolean tickUnderWay;
  private boolean stopped;
  private boolean closed;
  private boolean busy;
  private long steppedAt;

  /** What a runner reads from: the batches of its partition. */
  interface Feed {

    /** Begins at this offset. */
    void begin(long offset);

    /** Ends as soon as something waits, and after {@code wait} in any case. */
    Future<Void> await(Duration wait);

    /** All that waits, up to a bound, as one batch; null where nothing does. */
    @Nullable Batch take();
  }

  /** Events in their order, and the offset after the last one. */
  record Batch(List<FetchEvent> events, long next) {

    Batch followedBy(Batch further) {
      List<FetchEvent> all = new ArrayList<>(events.size() + further.events.size());
      all.addAll(events);
      all.addAll(further.events);
      return new Batch(all, further.next);
    }
  }

  ShardRunner(
      Vertx vertx,
      Pool pool,
      int number,
      String owner,
      ShardKafka kafka,
      Shard core,
      Wiring wiring) {
    this.vertx = vertx;
    this.pool = pool;
    this.number = number;
    this.owner = owner;
    this.kafka = kafka;
    this.core = core;
    this.store = new PgShardStore(pool, number, owner);
    this.feed = wiring.feed();
    this.turns = wiring.turns();
    this.blocks = new BlockRounds(pool, number, kafka, core);
    this.workers = new RollCall(new Workers(pool));
    this.books = wiring.books();
    this.running = core::running;
    this.publishing = new PgPublishing(pool, number, wiring.publishedEnds());
    this.announcements = new Announcements(vertx, wiring.progress(), publishing);
    this.publisher = new Publisher(publishing, announcements);
  }

  /**
   * Where a runner reads from, what it shares with the other shards of the gateway, where it
   * publishes to, notes what was published, and is counted.
   */
  record Wiring(
      Feed feed,
      StepTurns turns,
      ProgressTopic progress,
      GroupCommit<News, Void> publishedEnds,
      Bookkeeping books) {}

  /** Takes the shard over and steps it; the future fails when this ownership is over. */
  Future<Void> run() {
    return takeOver().compose(taken -> steps()).onComplete(over -> close());
  }

  /** Ends the ownership after the step that is under way. */
  void stop() {
    stopped = true;
  }

  private void close() {
    stopped = true;
    closed = true;
    vertx.cancelTimer(tickTimer);
    vertx.cancelTimer(sweepTimer);
    books.leave(number, running);
    publisher.close();
  }

  private Future<Void> takeOver() {
    return kafka
        .eventsTopicId()
        .compose(store::takeOver)
        .onSuccess(
            offset -> {
              position = offset;
              savedPosition = offset;
            })
        .compose(offset -> kafka.eventsEnd(number))
        .compose(
            end -> {
              decidesFrom = end;
              return loadActive();
            })
        .onSuccess(
            loaded -> {
              if (stopped) {
                return;
              }
              feed.begin(position);
              books.hold(number, running);
              tickTimer = vertx.setPeriodic(TICK.toMillis(), passed -> tick());
              sweepTimer = vertx.setPeriodic(SWEEP.toMillis(), passed -> sweepDue = true);
              LOG.atInfo()
                  .addKeyValue("shard", number)
                  .addKeyValue("registrations", core.known().size())
                  .log("shard taken over");
            });
  }

  private Future<Void> loadActive() {
    return store
        .sweep(core.known())
        .compose(
            found ->
                loadEach(found)
                    .compose(loaded -> publisher.publishLoaded(core::knows))
                    .compose(
                        published -> found.isEmpty() ? Future.succeededFuture() : loadActive()));
  }

  private Future<Void> loadEach(List<Found> found) {
    Future<Void> chain = Future.succeededFuture();
    for (Found one : found) {
      chain = chain.compose(before -> load(one));
    }
    return chain.onSuccess(loaded -> publisher.tellOf(found));
  }

  private Future<Void> load(Found found) {
    if (core.knows(found.terms().uid())) {
      return Future.succeededFuture();
    }
    int dispatched = found.state().dispatched();
    Future<List<Shard.Loaded>> released =
        dispatched == 0
            ? Future.succeededFuture(List.of())
            : store.released(found.terms().uid(), dispatched);
    return released
        .onSuccess(
            records -> {
              core.load(found.terms(), found.state(), records);
              storageDue = true;
              blocks.due();
              if (dispatched > 0) {
                waitingLooks.someMayWait();
              }
            })
        .mapEmpty();
  }

  private void tick() {
    storageDue = true;
    blocks.due();
    workers.write();
    if (!tickUnderWay) {
      tickUnderWay = true;
      kafka.tick(number, owner).onSuccess(ticks::written).onComplete(sent -> tickUnderWay = false);
    }
  }

  private Future<Void> steps() {
    return Loop.run(vertx, () -> stopped ? Future.succeededFuture(false) : oneStep());
  }

  private Future<Boolean> oneStep() {
    return gathered()
        .compose(waited -> stopped ? Future.succeededFuture() : nextStep())
        .timeout(STEP_WITHIN.toMillis(), MILLISECONDS)
        .map(done -> true);
  }

  private Future<Void> nextStep() {
    return feed.await(core.wantsToRelease() ? Duration.ZERO : IDLE)
        .compose(waited -> turns.take(this::stepIfOurs));
  }

  /** One that was let go while it waited for its turn takes nothing from whoever followed it. */
  private Future<Void> stepIfOurs() {
    return closed ? letGo() : step(batch());
  }

  private static Future<Void> letGo() {
    return Future.failedFuture("the shard was let go meanwhile");
  }

  private Batch batch() {
    Batch batch = feed.take();
    return batch == null ? new Batch(List.of(), position) : batch;
  }

  /**
   * Where many events come, they gather for a while: a step costs as much as hundreds of events.
   */
  private Future<Void> gathered() {
    long wait = busy ? GATHER.toMillis() - (now() - steppedAt) : 0;
    return wait <= 0 ? Future.succeededFuture() : vertx.timer(wait, MILLISECONDS).mapEmpty();
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private Future<Void> step(Batch batch) {
    steppedAt = now();
    busy = batch.events().size() >= MANY;
    if (batch.next() < position) {
      return Future.failedFuture("the events topic begins anew");
    }
    caughtUp |= position >= decidesFrom;
    takePokes(batch.events());
    if (caughtUp) {
      workers.hear(batch.events(), ticks.from(position));
    }
    return loadNew()
        .compose(loaded -> lookAhead())
        .compose(looked -> waiting())
        .compose(
            waiting -> {
              if (closed) {
                return letGo();
              }
              Plan plan = core.plan(batch.events(), waiting, caughtUp);
              waitingLooks.followedBy(plan.releases());
              return carryOut(batch, plan);
            })
        .compose(done -> publisher.publishLoaded(core::knows))
        .compose(done -> publisher.publishEnded());
  }

  private void takePokes(List<FetchEvent> events) {
    for (FetchEvent event : events) {
      switch (event) {
        case FetchEvent.Registered registered -> poked.add(registered.uid());
        case FetchEvent.Changed changed -> {
          waitingLooks.someMayWait(); // a resumed one has records that wait
          if (!core.knows(changed.uid())) {
            publisher.lookAt(Set.of(changed.uid()));
          }
        }
        default -> {}
      }
    }
  }

  private Future<Void> loadNew() {
    Future<Void> chain = Future.succeededFuture();
    if (!poked.isEmpty()) {
      Set<UUID> uids = new LinkedHashSet<>(poked);
      poked.clear();
      chain = chain.compose(before -> store.poked(uids)).compose(this::loadEach);
    }
    if (sweepDue) {
      sweepDue = false;
      waitingLooks.someMayWait();
      core.lookAgainAtPaused();
      chain = chain.compose(before -> sweep());
    }
    return chain.compose(before -> readStorage()).compose(read -> blocks.run());
  }

  /** Everything of which a poke may have been lost. */
  private Future<Void> sweep() {
    return store
        .sweep(core.known())
        .compose(this::loadEach)
        .compose(loaded -> publisher.publishLeftBehind())
        .compose(this::concludeSwept)
        .compose(concluded -> publisher.clicked())
        .onSuccess(this::lookAtClicked)
        .mapEmpty();
  }

  private Future<Void> concludeSwept(Set<UUID> ended) {
    core.forget(ended);
    return ended.isEmpty() ? Future.succeededFuture() : store.stopWaiting(ended);
  }

  private void lookAtClicked(List<UUID> clicked) {
    core.lookAgainAt(clicked);
    publisher.lookAt(clicked.stream().filter(uid -> !core.knows(uid)).collect(Collectors.toSet()));
  }

  private Future<Void> readStorage() {
    Set<String> tenants = storageDue ? core.tenantsWithQuota() : Set.of();
    storageDue = false;
    return tenants.isEmpty()
        ? Future.succeededFuture()
        : store.storage(tenants).onSuccess(core::hearOfStorage).mapEmpty();
  }

  private Future<Void> lookAhead() {
    Map<UUID, Run> looks = core.takeLooks();
    return looks.isEmpty()
        ? Future.succeededFuture()
        : store.hostsAhead(looks).onSuccess(core::hearOfHosts).mapEmpty();
  }

  private Future<List<Waiting>> waiting() {
    if (!caughtUp || !waitingLooks.due() || !core.hasRoom()) {
      return Future.succeededFuture(List.of());
    }
    return store
        .waiting(core.withoutRoom(), WAITING_READ)
        .compose(
            found ->
                (found.isEmpty() ? store.someWait() : Future.succeededFuture(true))
                    .onSuccess(some -> waitingLooks.looked(!found.isEmpty(), some))
                    .map(some -> found));
  }

  private Future<Void> carryOut(Batch batch, Plan plan) {
    if (plan.isEmpty() && core.isSilent(batch.events()) && batch.next() - savedPosition < UNSAVED) {
      core.pass(batch.events());
      position = batch.next();
      return Future.succeededFuture();
    }
    Future<@Nullable QueueView> queue =
        plan.silent().isEmpty()
            ? Future.succeededFuture()
            : kafka.queue().otherwise((QueueView) null);
    return queue
        .compose(
            view ->
                store
                    .requests(plan)
                    .compose(
                        requests ->
                            pool.withTransaction(
                                connection ->
                                    transact(
                                        connection, batch, new Reading(plan, requests, view)))))
        .onSuccess(
            done -> {
              position = batch.next();
              savedPosition = position;
              send(done);
            })
        .mapEmpty();
  }

  /** What was read before the transaction. */
  private record Reading(
      Plan plan, Map<RecordId, FetchRequest> requests, @Nullable QueueView queue) {}

  /** What was committed: the decision and the registrations as they are now. */
  private record Done(Decision decision, List<Announcement> announcements) {}

  private Future<Done> transact(SqlConnection connection, Batch batch, Reading reading) {
    Future<Long> now = store.holdEpoch(connection);
    Future<List<Found>> locked = store.lock(connection, reading.plan().uids());
    Future<Map<UUID, List<Long>>> clicks = publishing.clicks(connection, reading.plan().uids());
    return Future.all(now, locked, clicks)
        .compose(
            held -> {
              core.hearOfTicksAhead(ticks.from(batch.next()));
              Decision decision =
                  core.decide(
                      new Given(
                          batch.events(),
                          reading.plan(),
                          locked.result().stream().map(Found::state).toList(),
                          reading.requests(),
                          reading.queue(),
                          now.result()));
              Future<Void> advanced = store.advance(connection, savedPosition, batch.next());
              return store
                  .write(connection, decision)
                  .compose(changed -> advanced.map(moved -> changed))
                  .map(
                      changed ->
                          new Done(
                              decision, announcements(locked.result(), changed, clicks.result())));
            });
  }

  /** The clicks were read under the locks: all that the versions of the rows count. */
  private static List<Announcement> announcements(
      List<Found> locked, List<Registration> changed, Map<UUID, List<Long>> clicks) {
    Map<UUID, Registration> latest = new HashMap<>();
    changed.forEach(registration -> latest.put(registration.uid(), registration));
    List<Announcement> announcements = new ArrayList<>();
    for (Found found : locked) {
      Registration before = found.registration();
      announcements.add(
          Announcement.of(
              latest.getOrDefault(before.uid(), before),
              clicks.getOrDefault(before.uid(), List.of()),
              before));
    }
    return announcements;
  }

  private void send(Done done) {
    Decision decision = done.decision();
    books.count(decision.traffic());
    if (decision.underWay().values().stream().anyMatch(UnderWay::waiting)) {
      waitingLooks.someMayWait();
    }
    for (Decision.Release release : decision.releases()) {
      kafka
          .release(release)
          .onComplete(
              sent -> core.produced(release.job(), sent.succeeded() ? sent.result() : null));
    }
    decision.control().forEach(message -> kafka.say(message).onFailure(this::logNotSaid));
    done.announcements().forEach(announcements::offer);
    publisher.lookAt(decision.foundEnded());
  }

  private void logNotSaid(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("shard", number)
        .addKeyValue("cause", Objects.toString(cause.getMessage()))
        .log("a control message was not sent");
  }
}
