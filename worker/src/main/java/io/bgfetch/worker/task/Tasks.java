package io.bgfetch.worker.task;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.worker.fetch.Fetches;
import io.bgfetch.worker.fetch.OriginSigns;
import io.bgfetch.worker.fetch.RunningFetch;
import io.bgfetch.worker.lane.Lanes;
import io.bgfetch.worker.lane.Limits;
import io.bgfetch.worker.report.News;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tasks of one worker, and everything that can happen to them: jobs arrive, turns come, orders
 * are heard, fetches end, partitions move, the worker stops. A task is held until its last event is
 * acknowledged; until then reports name it. Belongs to the worker's context.
 *
 * <p>It is longer than other classes because it is the one place where a task changes hands.
 */
public final class Tasks implements Part, TaskPermit.Surroundings {

  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
  private static final Duration BLOCKED_WAIT = Duration.ofSeconds(2);
  private static final long REFUSED_HOLD_MOST_MILLIS = 10_000;
  private static final long GIVE_RUNNING_MILLIS = 5_000;
  private static final long STOP_WITHIN_MILLIS = 8_000;

  private final String worker;
  private final Lanes<HeldTask> lanes;
  private final Fetches fetches;
  private final News news;
  private final TaskMeters meters;
  private final InstantSource clock;
  private final Map<Task, HeldTask> held = new LinkedHashMap<>();
  private final Set<HeldTask> running = new LinkedHashSet<>();
  private final Orders orders = new Orders();
  private final StoreRoom room;
  private final Promise<Void> emptied = Promise.promise();
  private long controlReadAt = PermitRule.NEVER;
  private long stopAt = PermitRule.NEVER;
  private long heldBytes;
  private boolean starting;
  private boolean stopping;

  /** Counted in the worker's context, because meters are read from any thread. */
  private volatile int blockedHosts;

  /** No tasks yet. */
  public Tasks(
      String worker,
      Limits limits,
      Fetches fetches,
      News news,
      TaskMeters meters,
      InstantSource clock) {
    this.worker = worker;
    this.lanes = new Lanes<>(limits, clock);
    this.fetches = fetches;
    this.room = new StoreRoom(worker, fetches::probeStore);
    this.news = news;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  // ---- jobs

  /** These jobs are this worker's now. */
  public void take(List<TakenJob> jobs) {
    jobs.forEach(this::take);
    startWhatMay();
  }

  private void take(TakenJob taken) {
    FetchJob job = taken.job();
    if (orders.cancels(job)) {
      return;
    }
    HeldTask task = hold(taken);
    if (!accepting()) {
      giveBack(task, stopping ? "the worker stops" : "the blob store takes no bytes");
    } else if (orders.pauses(job)) {
      giveBack(task, "paused");
    } else {
      lanes.enter(task.flow(), task);
    }
  }

  private HeldTask hold(TakenJob taken) {
    FetchJob job = taken.job();
    Runnable ask = () -> news.tell(job.shard(), new FetchEvent.Asked(worker, taken.task()));
    long permittedAt = job.request().safe() ? job.releasedAt() : PermitRule.NEVER;
    TaskPermit permit = new TaskPermit(this, LaneLayout.hostOf(job.lane()), permittedAt, ask);
    HeldTask task = new HeldTask(taken, permit);
    held.put(taken.task(), task);
    heldBytes += task.bytes();
    return task;
  }

  /** Whether further jobs would be fetched and not given back. */
  public boolean accepting() {
    return !stopping && !suspended();
  }

  /** Whether the blob store takes no bytes. */
  public boolean suspended() {
    return room.lacking();
  }

  /** How many have their turn. */
  public int running() {
    return running.size();
  }

  /** How many wait for their turn. */
  public int waiting() {
    return lanes.waiting();
  }

  /** How many hosts were left alone at the last tick; any thread may ask. */
  public int blockedHosts() {
    return blockedHosts;
  }

  /** How many are held, those included that have ended and whose last event is on its way. */
  public int held() {
    return held.size();
  }

  /** How much weighs on this worker. */
  public Load load() {
    return new Load(lanes.waiting(), held.size(), heldBytes);
  }

  // ---- turns

  private void startWhatMay() {
    if (starting) {
      return;
    }
    starting = true;
    try {
      for (Optional<HeldTask> next = lanes.next(); next.isPresent(); next = lanes.next()) {
        begin(next.get());
      }
    } finally {
      starting = false;
    }
  }

  private void begin(HeldTask task) {
    running.add(task);
    perform(task).onSuccess(last -> last.ifPresent(event -> ended(task, event)));
  }

  /**
   * A job that no fetch can be made of ends here. Given back it would come again for ever, and go
   * round all workers.
   */
  private Future<Optional<FetchEvent.OfTask>> perform(HeldTask task) {
    try {
      OriginSigns signs = (host, status, retryAfter) -> answered(task, host, status, retryAfter);
      RunningFetch fetch = fetches.begin(task.job(), task.task(), task.permit(), signs);
      task.started(fetch);
      return fetch.perform();
    } catch (RuntimeException unexpected) {
      LOG.atError()
          .addKeyValue("uid", task.job().uid())
          .addKeyValue("index", task.job().index())
          .addKeyValue("worker", worker)
          .setCause(unexpected)
          .log("a fetch could not be begun");
      return Future.succeededFuture(Optional.of(neverBegun(task)));
    }
  }

  private void answered(HeldTask task, String host, int status, @Nullable Long retryAfterMillis) {
    if (FetchEvent.Refused.isRefusal(status)) {
      refused(task, host, status, retryAfterMillis);
    } else {
      lanes.answered(host);
    }
    startWhatMay();
  }

  /**
   * A host that says when to come back gets nothing new from here until there is a shard's word
   * about it, which takes less than a second. Whether one that does not say is left alone is for
   * the shard to decide, which hears of all refusals in a row.
   */
  private void refused(HeldTask task, String host, int status, @Nullable Long retryAfterMillis) {
    long sentAt = task.permit().sentAt();
    news.tell(
        task.job().shard(),
        new FetchEvent.Refused(worker, task.task(), host, status, retryAfterMillis, sentAt));
    if (retryAfterMillis != null) {
      lanes.hold(host, clock.millis() + Math.min(retryAfterMillis, REFUSED_HOLD_MOST_MILLIS));
    }
    lanes.refused(host);
  }

  private FetchEvent.Settled neverBegun(HeldTask task) {
    return new FetchEvent.Settled(
        worker,
        task.task(),
        FetchResult.FETCH_ERROR,
        "the fetch could not be begun",
        null,
        null,
        null,
        0,
        0);
  }

  private void ended(HeldTask task, FetchEvent.OfTask last) {
    if (!running.contains(task)) {
      return;
    }
    if (last instanceof FetchEvent.Yielded && !task.givenBack()) {
      suspend();
    }
    leave(task);
    deliver(task, last);
    startWhatMay();
  }

  /** The blob store is full or broken: what waits is better off elsewhere. */
  private void suspend() {
    room.failed(clock.millis());
    giveBackWaiting(any -> true, "the blob store takes no bytes");
  }

  /** Once: a second time would give back the turn of another. */
  private void leave(HeldTask task) {
    if (running.remove(task)) {
      lanes.leave(task.flow());
    }
  }

  private void deliver(HeldTask task, FetchEvent.OfTask last) {
    meters.ended(last);
    log(task, last);
    news.deliver(task.job().shard(), last).onComplete(acknowledged -> forget(task));
  }

  private void log(HeldTask task, FetchEvent.OfTask last) {
    LOG.atDebug()
        .addKeyValue("uid", task.job().uid())
        .addKeyValue("index", task.job().index())
        .addKeyValue("attempt", task.job().attempt())
        .addKeyValue("worker", worker)
        .addKeyValue("host", task.laneHost())
        .log("ended: {}", last.getClass().getSimpleName());
  }

  private void forget(HeldTask task) {
    if (held.remove(task.task()) != null) {
      heldBytes -= task.bytes();
    }
    if (stopping && held.isEmpty()) {
      emptied.tryComplete();
    }
  }

  private void giveBack(HeldTask task, String why) {
    deliver(task, new FetchEvent.Yielded(worker, task.task(), why, task.job().resume(), 0, 0));
  }

  /** What waits for a blocked host takes the room of others. */
  private void giveBackBlocked() {
    for (HeldTask task : lanes.removeHeldFor(BLOCKED_WAIT)) {
      String why = "its host is blocked";
      long until = lanes.heldUntil(task.laneHost());
      deliver(
          task, new FetchEvent.Yielded(worker, task.task(), why, task.job().resume(), 0, 0, until));
    }
  }

  private void giveBackWaiting(Predicate<HeldTask> which, String why) {
    lanes.remove(which).forEach(task -> giveBack(task, why));
  }

  private void cut(HeldTask task) {
    leave(task);
    task.cut();
  }

  private List<HeldTask> running(Predicate<HeldTask> which) {
    return running.stream().filter(which).toList();
  }

  // ---- orders

  /** The registration has ended: what runs of it is cut, and nothing more of it starts. */
  public void cancel(UUID uid) {
    orders.cancelled(uid, clock.millis());
    dropAll(uid, task -> task.job().uid().equals(uid));
  }

  /** The task is not current any more. */
  public void drop(Task task) {
    if (held.containsKey(task)) {
      dropAll(task.uid(), candidate -> candidate.task().equals(task));
    }
  }

  private void dropAll(UUID uid, Predicate<HeldTask> which) {
    lanes.remove(uid, which).forEach(this::forget);
    for (HeldTask task : running(which)) {
      cut(task);
      forget(task);
    }
    startWhatMay();
  }

  /** Every job of the registration that is older than this version is given back. */
  public void pause(UUID uid, long version) {
    orders.paused(uid, version, clock.millis());
    Predicate<HeldTask> older =
        task -> task.job().uid().equals(uid) && task.job().version() < version;
    lanes.remove(uid, older).forEach(task -> giveBack(task, "paused"));
    running(older).forEach(task -> task.giveBack("paused"));
  }

  /** The task may send its first byte. */
  public void grant(Task task, long at) {
    HeldTask granted = held.get(task);
    if (granted != null) {
      granted.permit().granted(at);
    }
  }

  /** Nothing new is sent to these hosts. */
  public void block(List<ControlMessage.Block> hosts) {
    hosts.forEach(block -> lanes.hold(block.host(), block.until()));
  }

  /** All orders that were given until then have been carried out. */
  public void controlRead(long at) {
    controlReadAt = at;
    List.copyOf(running).forEach(task -> task.permit().reconsider());
  }

  // ---- partitions

  /** All partitions of the jobs topic that are this worker's now. */
  public void own(Set<Integer> partitions) {
    lanes.own(partitions);
    startWhatMay();
  }

  /** What came by these partitions and has not started is somebody else's to fetch. */
  public void lose(Set<Integer> partitions) {
    giveBackWaiting(task -> partitions.contains(task.partition()), "its partition moved");
    lanes.lose(partitions);
  }

  // ---- time

  /** Looks after everything that waits for time to pass. */
  public void tick() {
    long now = clock.millis();
    List.copyOf(running).forEach(task -> task.tick(now));
    giveBackBlocked();
    blockedHosts = lanes.heldHosts();
    room.tick(now);
    if (stopping) {
      goOnStopping(now - stopAt);
    }
    startWhatMay();
  }

  /** How far the tasks are, by shard. */
  public Map<Integer, List<FetchEvent.Progress>> progress() {
    Map<Integer, List<FetchEvent.Progress>> byShard = new HashMap<>();
    for (HeldTask task : held.values()) {
      byShard.computeIfAbsent(task.job().shard(), shard -> new ArrayList<>()).add(task.progress());
    }
    return byShard;
  }

  @Override
  public long now() {
    return clock.millis();
  }

  @Override
  public long controlReadAt() {
    return controlReadAt;
  }

  @Override
  public long blockedUntil(String host) {
    return lanes.heldUntil(host);
  }

  @Override
  public long blindUntil() {
    return orders.blindUntil();
  }

  // ---- the end

  /**
   * Gives back what has not started, and after five seconds what still runs, so that short fetches
   * need not be fetched again. Completes when all last events are acknowledged, or after some
   * seconds more.
   */
  @Override
  public Future<Void> stop() {
    if (!stopping) {
      stopping = true;
      stopAt = clock.millis();
      giveBackWaiting(any -> true, "the worker stops");
      if (held.isEmpty()) {
        emptied.tryComplete();
      }
    }
    return emptied.future();
  }

  private void goOnStopping(long millis) {
    if (millis >= GIVE_RUNNING_MILLIS) {
      running(any -> true).forEach(task -> task.giveBack("the worker stops"));
    }
    if (millis >= STOP_WITHIN_MILLIS) {
      emptied.tryComplete();
    }
  }
}
