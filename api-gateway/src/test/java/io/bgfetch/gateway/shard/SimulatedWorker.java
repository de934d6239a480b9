package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Inline;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.shard.SimulatedOrigin.Answer;
import io.bgfetch.gateway.shard.SimulatedTask.Stage;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A worker, reduced to the rules of the protocol that it follows. */
final class SimulatedWorker extends SimulatedProcess {

  private static final long PERMISSION_MILLIS = 2_000;
  private static final long CONTROL_FRESH_MILLIS = 500;
  private static final long REMEMBERED_MILLIS = 10_000;
  private static final long ASK_EVERY_MILLIS = 1_000;
  private static final long BLOCKED_WAIT_MILLIS = 2_000;
  private static final int SLOTS = 3;
  private static final int MOST_TAKEN = 3;

  private final SimulatedTopics topics;
  private final Map<Task, SimulatedTask> held = new LinkedHashMap<>();
  private final Map<Integer, Long> positions = new TreeMap<>();
  private final Map<UUID, Long> cancels = new HashMap<>();
  private final Map<UUID, Long> pauses = new HashMap<>();
  private long startedAt;
  private final Map<String, Long> blocked = new HashMap<>();
  private int generation = -1;
  private long controlPosition;
  private long controlReadAt = Long.MIN_VALUE / 2;
  private int tokens;
  private boolean stopping;

  SimulatedWorker(SimulatedCluster cluster, String name) {
    super(cluster, name, Fault.WORKER_CRASHES, Fault.WORKER_STALLS);
    this.topics = cluster.topics;
  }

  void start() {
    startedAt = schedule.now();
    controlPosition =
        cluster.holds(Rule.ORDERS_ARE_READ_FROM_BEFORE_THE_START)
            ? topics.control.offsetAt(schedule.now() - PERMISSION_MILLIS)
            : topics.control.end();
    soon(this::poll);
    soon(this::askForOrders);
    after(500, this::report);
  }

  boolean idle() {
    return held.isEmpty();
  }

  boolean holds(SimulatedTopics.Attempt attempt) {
    return held.values().stream().anyMatch(task -> task.attempt().equals(attempt));
  }

  // ---- jobs

  private void poll() {
    if (topics.down() || stopping) {
      pollLater();
      return;
    }
    if (cluster.group.generation() != generation) {
      join();
    }
    int taken = 0;
    int from = -1;
    List<FetchJob> batch = List.of();
    if (held.size() < cluster.roomOfWorkers && !positions.isEmpty()) {
      List<Integer> mine = List.copyOf(positions.keySet());
      from = mine.get(cluster.random.nextInt(mine.size()));
      if (positions.get(from) > topics.jobs.get(from).end()) {
        boolean atStart = cluster.holds(Rule.WORKERS_GO_ON_AT_THE_START_OF_THE_LOG);
        positions.put(from, atStart ? 0L : topics.jobs.get(from).end()); // the topic began anew
      }
      taken = 1 + cluster.random.nextInt(MOST_TAKEN);
      batch = topics.jobs.get(from).read(positions.get(from), taken);
    }
    if (batch.isEmpty()) {
      pollLater();
    } else {
      commit(from, batch);
    }
  }

  private void pollLater() {
    after(schedule.between(40, 120), this::poll);
  }

  private void join() {
    generation = cluster.group.generation();
    TreeSet<Integer> mine = cluster.group.partitionsOf(this);
    giveBackWaiting(task -> !mine.contains(task.partition));
    positions.clear();
    mine.forEach(partition -> positions.put(partition, topics.committed[partition]));
  }

  private void commit(int partition, List<FetchJob> batch) {
    long next = positions.get(partition) + batch.size();
    if (!cluster.holds(Rule.COMMIT_COMES_BEFORE_START)) {
      take(batch, partition);
    }
    soon(
        () -> {
          boolean reached = !topics.down() && !cluster.faults.strikes(Fault.TAKE_LOST);
          boolean done = reached && cluster.group.commit(this, generation, partition, next);
          boolean heard = done && !cluster.faults.strikes(Fault.TAKE_UNKNOWN);
          soon(() -> committed(partition, batch, next, heard));
        });
  }

  private void committed(int partition, List<FetchJob> batch, long next, boolean heard) {
    if (heard) {
      positions.put(partition, next);
      if (cluster.holds(Rule.COMMIT_COMES_BEFORE_START)) {
        take(batch, partition);
      }
    } else {
      boolean again = cluster.holds(Rule.FAILED_TAKES_ARE_READ_AGAIN);
      positions.put(partition, again ? topics.committed[partition] : next);
    }
    pollLater();
  }

  private void take(List<FetchJob> batch, int partition) {
    for (FetchJob job : batch) {
      if (!remembered(cancels, job.uid())) {
        boolean own = cluster.holds(Rule.TASKS_HAVE_TOKENS);
        Task task = job.task(own ? name + "-" + ++tokens : "token");
        SimulatedTask taken = new SimulatedTask(job, task, partition);
        held.put(task, taken);
        cluster.invariants.taken(job);
        Long pause = pauses.get(job.uid());
        if (stopping || (pause != null && isHit(job, pause))) {
          giveBack(taken);
        }
      }
    }
    startWhatMay();
  }

  private boolean remembered(Map<UUID, Long> heard, UUID uid) {
    return cluster.holds(Rule.CANCELS_ARE_REMEMBERED)
        && heard.getOrDefault(uid, Long.MIN_VALUE / 2) > schedule.now() - REMEMBERED_MILLIS;
  }

  // ---- turns and permissions

  private void startWhatMay() {
    long running = held.values().stream().filter(SimulatedTask::running).count();
    for (SimulatedTask task : List.copyOf(held.values())) {
      if (running < SLOTS && task.stage == Stage.WAITING && !isBlocked(task)) {
        running++;
        task.stage = Stage.WANTS_PERMISSION;
        consider(task);
      }
    }
  }

  private void consider(SimulatedTask task) {
    if (task.stage != Stage.WANTS_PERMISSION || held.get(task.task) != task) {
      return;
    }
    long now = schedule.now();
    boolean ever = task.permittedAt > 0;
    if (isBlocked(task)) {
      if (task.job.request().safe() || !ever) {
        giveBack(task, blockedUntil(task));
      }
      return;
    }
    boolean fresh =
        now - controlReadAt < CONTROL_FRESH_MILLIS || !cluster.holds(Rule.ORDERS_ARE_READ_FIRST);
    boolean permitted =
        ever
            && (now - task.permittedAt < PERMISSION_MILLIS
                || !cluster.holds(Rule.PERMISSIONS_GROW_STALE));
    if (fresh && permitted) {
      connect(task);
    } else if (fresh && now - task.askedAt >= ASK_EVERY_MILLIS) {
      task.askedAt = now;
      tell(task, new FetchEvent.Asked(name, task.task));
    }
  }

  private void connect(SimulatedTask task) {
    if (!cluster.origin.refuses()) {
      send(task);
    } else if (task.repeatable()) {
      broke(task, null);
    } else {
      after(300, () -> consider(task)); // within this attempt, and not without a permission
    }
  }

  private void send(SimulatedTask task) {
    task.stage = Stage.FETCHING;
    Answer answer = cluster.origin.receive(task.job, startedAt);
    long sentAt = schedule.now();
    if (SimulatedOrigin.killsWorkers(task.job)) {
      die();
      return;
    }
    task.uploaded = task.job.request().bodySize();
    boolean late = cluster.faults.strikes(Fault.ORIGIN_ANSWERS_LATE);
    long silent = cluster.origin.silentFor(SimulatedOrigin.hostOf(task.job));
    later(
        task,
        silent + (late ? 3_000 : schedule.between(5, 300)),
        () -> {
          refused(task, answer, sentAt);
          answered(task, answer);
        });
  }

  /** Goes on with a task, if it is still the worker's. */
  private void later(SimulatedTask task, long millis, Runnable action) {
    after(
        millis,
        () -> {
          if (task.stage == Stage.FETCHING && held.get(task.task) == task) {
            action.run();
          }
        });
  }

  // ---- the answer

  private void refused(SimulatedTask task, Answer answer, long sentAt) {
    if (FetchEvent.Refused.isRefusal(answer.status())) {
      tell(
          task,
          new FetchEvent.Refused(
              name,
              task.task,
              SimulatedOrigin.hostOf(task.job),
              answer.status(),
              answer.retryAfter(),
              sentAt));
    }
    if (answer.retryAfter() != null) {
      block(SimulatedOrigin.hostOf(task.job), schedule.now() + answer.retryAfter());
    }
  }

  private boolean isBlocked(SimulatedTask task) {
    return schedule.now() < blockedUntil(task);
  }

  private long blockedUntil(SimulatedTask task) {
    return blocked.getOrDefault(SimulatedOrigin.hostOf(task.job), 0L);
  }

  private void block(String host, long until) {
    if (until > blocked.getOrDefault(host, 0L)
        && cluster.holds(Rule.BLOCKED_HOSTS_ARE_LEFT_ALONE)) {
      blocked.put(host, until);
      after(Math.max(0, until - schedule.now()), this::startWhatMay);
      after(BLOCKED_WAIT_MILLIS, this::giveBackBlocked);
    }
  }

  private void giveBackBlocked() {
    for (SimulatedTask task : List.copyOf(held.values())) {
      if (task.stage == Stage.WAITING && isBlocked(task)) {
        giveBack(task, blockedUntil(task));
      }
    }
  }

  private void answered(SimulatedTask task, Answer answer) {
    if (task.triedAgain(answer.status())) {
      busy(task, answer);
      return;
    }
    FetchJob.Resume resume = task.job.resume();
    if (answer.from() > 0 && resume != null) {
      if (cluster.holds(Rule.MANIFESTS_ARE_WHOLE)) {
        task.stored.addAll(resume.stored().segments());
      }
    } else {
      if (resume != null && !cluster.holds(Rule.WORKERS_DELETE_NOTHING)) {
        resume.stored().segments().forEach(segment -> cluster.blobs.remove(segment.key()));
      }
      task.downloaded = 0;
    }
    task.head = answer.head();
    if (answer.body().length() <= SimulatedOrigin.PIECE && answer.from() == 0) {
      whole(task, answer);
      return;
    }
    if (answer.from() == 0) {
      tell(task, new FetchEvent.ResponseReady(name, task.task, answer.head()));
    }
    receive(task, answer, answer.from());
  }

  private void whole(SimulatedTask task, Answer answer) {
    if (answer.cutAt() < answer.body().length()) {
      broke(task, answer);
    } else if (answer.body().length() > task.job.bytesAllowed()) {
      tooMuch(task, answer);
    } else {
      byte[] bytes = answer.body().getBytes(StandardCharsets.US_ASCII);
      task.downloaded = bytes.length;
      settle(task, answer, new Inline(bytes));
    }
  }

  private void receive(SimulatedTask task, Answer answer, int from) {
    int end = answer.body().length();
    if (from >= end) {
      settle(task, answer, new Segments(task.stored));
      return;
    }
    int to = Math.min(end, from + SimulatedOrigin.PIECE);
    later(
        task,
        schedule.between(10, 400),
        () -> {
          if (to > answer.cutAt()) {
            broke(task, answer);
          } else if (to > task.job.bytesAllowed()) {
            tooMuch(task, answer);
          } else {
            store(task, answer, from, to);
          }
        });
  }

  private void store(SimulatedTask task, Answer answer, int from, int to) {
    task.downloaded = to;
    String key =
        task.job.uid()
            + "/"
            + task.job.index()
            + "/"
            + task.task.attempt()
            + "-"
            + task.task.token()
            + "/"
            + task.stored.size();
    task.stored.add(new Segment(key, to - from));
    Runnable write = () -> cluster.blobs.put(key, answer.body().substring(from, to));
    if (cluster.holds(Rule.BYTES_COME_BEFORE_THEIR_EVENT)) {
      write.run();
    }
    FetchEvent stored =
        new FetchEvent.SegmentStored(name, task.task, answer.head(), new Segments(task.stored));
    later(
        task,
        schedule.between(1, 20),
        () -> {
          tell(task, stored);
          if (!cluster.holds(Rule.BYTES_COME_BEFORE_THEIR_EVENT)) {
            after(schedule.between(20, 300), write);
          }
          receive(task, answer, to);
        });
  }

  // ---- ends

  private void settle(SimulatedTask task, Answer answer, StoredBody body) {
    end(task, settled(task, answer, body));
  }

  private FetchEvent.Settled settled(SimulatedTask task, Answer answer, StoredBody body) {
    return new FetchEvent.Settled(
        name,
        task.task,
        answer.head().ok() ? FetchResult.SUCCESS : FetchResult.BAD_STATUS,
        null,
        answer.head(),
        body,
        "digest",
        body.size(),
        task.uploaded);
  }

  /** A status that is tried again, and kept where it is not any more. */
  private void busy(SimulatedTask task, Answer answer) {
    Inline body = new Inline(answer.body().getBytes(StandardCharsets.US_ASCII));
    FetchEvent.Settled fallback = settled(task, answer, body);
    task.downloaded = body.size();
    end(
        task,
        new FetchEvent.Broke(
            name, task.task, "busy", null, false, 700L, task.uploaded, 0, fallback));
  }

  private void tooMuch(SimulatedTask task, Answer answer) {
    end(
        task,
        new FetchEvent.Settled(
            name,
            task.task,
            task.job.overrun(),
            "too much",
            answer.head(),
            null,
            null,
            task.downloaded,
            task.uploaded));
  }

  private void broke(SimulatedTask task, @Nullable Answer answer) {
    if (answer != null && !task.repeatable()) {
      end(
          task,
          new FetchEvent.Settled(
              name,
              task.task,
              FetchResult.FETCH_ERROR,
              "it broke off",
              null,
              null,
              null,
              task.downloaded,
              task.uploaded));
      return;
    }
    boolean more = task.storedBytes() > task.storedBefore();
    end(
        task,
        new FetchEvent.Broke(
            name, task.task, "it broke off", task.kept(), more, null, task.uploaded, 0, null));
  }

  private void giveBack(SimulatedTask task) {
    giveBack(task, null);
  }

  private void giveBack(SimulatedTask task, @Nullable Long notBefore) {
    end(
        task,
        new FetchEvent.Yielded(
            name, task.task, "given back", task.kept(), task.uploaded, 0, notBefore));
  }

  private void giveBackWaiting(Predicate<SimulatedTask> which) {
    for (SimulatedTask task : List.copyOf(held.values())) {
      if (task.stage == Stage.WAITING && which.test(task)) {
        giveBack(task);
      }
    }
  }

  private void end(SimulatedTask task, FetchEvent.OfTask last) {
    task.stage = Stage.ENDED;
    deliver(task, last);
    startWhatMay();
  }

  private void deliver(SimulatedTask task, FetchEvent.OfTask last) {
    if (!cluster.holds(Rule.ENDS_ARE_TOLD_UNTIL_ACKNOWLEDGED)) {
      held.remove(task.task);
    }
    producer(topics.events.get(task.job.shard()))
        .send(
            last,
            offset -> {
              if (offset != null) {
                held.remove(task.task, task);
              } else if (held.containsKey(task.task)) {
                after(200, () -> deliver(task, last));
              }
            });
  }

  private void tell(SimulatedTask task, FetchEvent event) {
    producer(topics.events.get(task.job.shard())).send(event, sent -> {});
  }

  // ---- orders

  private void askForOrders() {
    long asked = schedule.now();
    long end = topics.control.end();
    if (topics.down()) {
      after(50, this::askForOrders);
    } else {
      after(schedule.between(2, 30), () -> hear(end, asked));
    }
  }

  private void hear(long end, long asked) {
    if (controlPosition > topics.control.end()) {
      controlPosition = 0;
    }
    List<ControlMessage> orders =
        topics.control.read(controlPosition, (int) Math.max(0, end - controlPosition));
    controlPosition = Math.max(controlPosition, end);
    orders.forEach(this::obey);
    controlReadAt = asked;
    List.copyOf(held.values()).forEach(this::consider);
    startWhatMay();
    after(schedule.between(60, 160), this::askForOrders);
  }

  private void obey(ControlMessage order) {
    switch (order) {
      case ControlMessage.Cancel cancel -> {
        cancels.put(cancel.uid(), schedule.now());
        drop(task -> task.job.uid().equals(cancel.uid()));
      }
      case ControlMessage.Pause pause -> pause(pause.uid(), pause.version());
      case ControlMessage.Granted granted -> {
        SimulatedTask task = held.get(granted.task());
        if (task != null) {
          task.permittedAt = Math.max(task.permittedAt, granted.at());
          consider(task);
        }
      }
      case ControlMessage.Drop drop -> drop(task -> task.task.equals(drop.task()));
      case ControlMessage.Blocked blocked ->
          blocked.hosts().forEach(block -> block(block.host(), block.until()));
    }
  }

  private void drop(Predicate<SimulatedTask> which) {
    held.values().removeIf(task -> task.stage != Stage.ENDED && which.test(task));
  }

  private void pause(UUID uid, long version) {
    pauses.merge(uid, version, Math::max);
    if (!cluster.holds(Rule.PAUSED_JOBS_ARE_GIVEN_BACK)) {
      return;
    }
    for (SimulatedTask task : List.copyOf(held.values())) {
      boolean hit = task.job.uid().equals(uid) && isHit(task.job, version);
      if (hit && task.stage != Stage.ENDED) {
        if (cluster.holds(Rule.PAUSED_JOBS_ARE_NOT_DROPPED)) {
          giveBack(task);
        } else {
          held.remove(task.task);
        }
      }
    }
  }

  private boolean isHit(FetchJob job, long pause) {
    return job.version() < pause || !cluster.holds(Rule.PAUSES_LEAVE_NEWER_JOBS_ALONE);
  }

  // ---- time

  private void report() {
    Map<Integer, List<Progress>> byShard = new TreeMap<>(Comparator.naturalOrder());
    for (SimulatedTask task : held.values()) {
      byShard.computeIfAbsent(task.job.shard(), any -> new ArrayList<>()).add(task.progress());
    }
    byShard.forEach(
        (shard, tasks) ->
            producer(topics.events.get(shard))
                .send(new FetchEvent.Report(name, 0, 0, tasks), sent -> {}));
    after(500, this::report);
    if (!stopping && cluster.faults.strikes(Fault.WORKER_STOPS)) {
      stop();
    }
  }

  /** Gives everything back, and ends. */
  private void stop() {
    stopping = true;
    giveBackWaiting(any -> true);
    after(
        2_000,
        () -> {
          for (SimulatedTask task : List.copyOf(held.values())) {
            if (task.stage != Stage.ENDED) {
              giveBack(task);
            }
          }
        });
    after(4_000, () -> cluster.left(this));
  }
}
