package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Tick;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.url.WebUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** A shard's core on tables that are maps: what Postgres does to a decision, without Postgres. */
final class ShardWorld {

  static final String OWNER = "owner";
  static final String WORKER = "worker-1";

  final Map<UUID, RegistrationState> rows = new HashMap<>();
  final Map<UUID, Decision.Change> ended = new HashMap<>();
  final Map<RecordId, Outcome> outcomes = new HashMap<>();
  final Map<RecordId, UnderWay> underWay = new HashMap<>();
  final Map<RecordId, String> hosts = new HashMap<>();
  private final Map<UUID, List<FetchRequest>> requests = new HashMap<>();
  private final Map<UUID, RegistrationTerms> terms = new HashMap<>();
  final Map<String, Long> storage = new HashMap<>();
  final Map<String, HostBlock> blocks = new HashMap<>();
  private final Map<UUID, Long> declared = new HashMap<>();
  private final int shards;
  private final long quota;
  private long aborted;
  private Shard shard;
  QueueView queue = new QueueView(Map.of(), Map.of(), Map.of());
  long now = 1_000_000;
  int looked;
  int read;

  ShardWorld() {
    this(4, Quota.UNLIMITED);
  }

  /** A world where every tenant may store so many bytes. */
  ShardWorld(long quota) {
    this(4, quota);
  }

  /** A world with so many shards, of which this is one. */
  static ShardWorld ofShards(int shards) {
    return new ShardWorld(shards, Quota.UNLIMITED);
  }

  private ShardWorld(int shards, long quota) {
    this.shards = shards;
    this.quota = quota;
    this.shard = newShard();
  }

  private Shard newShard() {
    ShardRules rules =
        ShardRules.of(
            shards,
            new LaneLayout(8),
            HostLimits.same(HostLimit.ofConcurrency(8)),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            quota);
    return new Shard(OWNER, rules, new Random(1));
  }

  /** A registration of GETs of which the shard has been told. */
  UUID register(int records) {
    return register(RetryPolicy.DEFAULT, 0, gets(records));
  }

  static FetchRequest[] gets(int records) {
    FetchRequest[] all = new FetchRequest[records];
    Arrays.setAll(all, i -> FetchRequest.get("http://origin.example/" + i));
    return all;
  }

  static FetchRequest post() {
    return new FetchRequest(
        "http://origin.example/", "POST", Map.of(), Map.of(), null, RedirectMode.FOLLOW, null);
  }

  /** A registration of GETs of one host. */
  UUID register(String tenant, String host, int records) {
    FetchRequest[] all = new FetchRequest[records];
    Arrays.setAll(all, i -> FetchRequest.get("http://" + host + "/" + i));
    return register(tenant, RetryPolicy.DEFAULT, 0, all);
  }

  /** GETs of these hosts, one after the other. */
  static FetchRequest[] getsOf(String... hosts) {
    return Arrays.stream(hosts)
        .map(host -> FetchRequest.get("http://" + host + "/"))
        .toArray(FetchRequest[]::new);
  }

  UUID register(RetryPolicy retry, long downloadTotal, FetchRequest... list) {
    return register("default", retry, downloadTotal, list);
  }

  UUID register(String tenant, RetryPolicy retry, long downloadTotal, FetchRequest... list) {
    UUID uid = new UUID(0, terms.size() + 1);
    rows.put(uid, fresh(uid, list.length, downloadTotal));
    declared.put(uid, downloadTotal);
    terms.put(uid, new RegistrationTerms(uid, tenant, 0, retry, Timeouts.DEFAULT));
    requests.put(uid, List.of(list));
    shard.load(terms.get(uid), rows.get(uid), List.of());
    readStorage();
    return uid;
  }

  private static RegistrationState fresh(UUID uid, int total, long downloadTotal) {
    return new RegistrationState(
        uid, false, 1, total, 0, 0, 0, 0, downloadTotal, 0, 0, FetchResult.NONE);
  }

  /** Everything in memory is lost; another owner loads what the tables say. */
  void takeOverAnew() {
    shard = newShard();
    rows.forEach((uid, row) -> shard.load(terms.get(uid), row, released(uid, row)));
    readStorage();
  }

  /** Looks at what all shards have stored and blocked, as happens every second. */
  void readStorage() {
    Map<String, Long> sums = new HashMap<>(storage);
    sums.keySet().retainAll(shard.tenantsWithQuota());
    shard.hearOfStorage(sums);
    shard.hearOfBlocks(blocks, now);
  }

  private List<Shard.Loaded> released(UUID uid, RegistrationState row) {
    List<Shard.Loaded> released = new ArrayList<>();
    for (int i = 0; i < row.dispatched(); i++) {
      RecordId id = new RecordId(uid, i);
      UnderWay state = underWay.get(id);
      if (!outcomes.containsKey(id) && (state == null || !state.waiting())) {
        released.add(new Shard.Loaded(i, requests.get(uid).get(i), state));
      }
    }
    return released;
  }

  /** One step of the shard with these events, committed. */
  Decision step(FetchEvent... events) {
    shard.hearOfHosts(lookAhead(shard.takeLooks()));
    Plan plan = shard.plan(List.of(events), waiting(), true);
    List<RegistrationState> locked =
        plan.uids().stream().filter(rows::containsKey).map(rows::get).toList();
    Decision decision =
        shard.decide(new Given(List.of(events), plan, locked, requests(plan), queue, now));
    commit(decision);
    return decision;
  }

  /** Steps for as long as the shard has something to release. */
  List<FetchJob> release() {
    List<FetchJob> released = new ArrayList<>();
    do {
      released.addAll(jobs(step()));
    } while (shard.wantsToRelease());
    return released;
  }

  private Map<UUID, Stretch> lookAhead(Map<UUID, Run> looks) {
    Map<UUID, Stretch> found = new HashMap<>();
    looks.forEach((uid, run) -> found.put(uid, stretch(run, requests.get(uid))));
    looked += looks.size();
    return found;
  }

  /** What a look at these requests finds. */
  static Stretch stretch(Run run, List<FetchRequest> requests) {
    LinkedHashMap<String, Integer> named = new LinkedHashMap<>();
    for (int i = run.from(); i < run.to(); i++) {
      named.putIfAbsent(WebUrl.parse(requests.get(i).url()).authority(), i);
    }
    return new Stretch(run, named);
  }

  /** Seconds pass, as the shard counts them. */
  Decision ticks(int seconds) {
    Decision last = step();
    for (int i = 0; i < seconds; i++) {
      last = tick();
    }
    return last;
  }

  /** A second passes. */
  Decision tick() {
    now += 1000;
    readStorage();
    return step(new Tick(OWNER));
  }

  private List<Waiting> waiting() {
    WithoutRoom without = shard.withoutRoom();
    return underWay.entrySet().stream()
        .filter(e -> e.getValue().waiting() && isReleasable(e.getKey().uid()))
        .filter(e -> e.getValue().nextTry() <= now)
        .filter(e -> !without.registrations().contains(e.getKey().uid()))
        .filter(e -> !without.hosts().contains(hosts.get(e.getKey())))
        .map(e -> new Waiting(e.getKey(), e.getValue(), hosts.get(e.getKey())))
        .sorted(Comparator.comparing(w -> w.state().nextTry()))
        .toList();
  }

  private boolean isReleasable(UUID uid) {
    return rows.containsKey(uid) && !rows.get(uid).paused();
  }

  private Map<RecordId, FetchRequest> requests(Plan plan) {
    Map<RecordId, FetchRequest> all = new HashMap<>();
    plan.firsts()
        .forEach(
            (uid, first) -> {
              for (int i = first.run().from(); i < first.run().to(); i++) {
                all.put(new RecordId(uid, i), requests.get(uid).get(i));
              }
            });
    plan.again()
        .forEach(one -> all.put(one.id(), requests.get(one.id().uid()).get(one.id().index())));
    read += all.size();
    return all;
  }

  private void commit(Decision decision) {
    for (Outcome outcome : decision.outcomes()) {
      RecordId id = new RecordId(outcome.uid(), outcome.index());
      if (outcomes.put(id, outcome) != null) {
        throw new AssertionError("a record ended twice: " + id);
      }
    }
    underWay.putAll(decision.underWay());
    decision.underWay().keySet().forEach(id -> hosts.put(id, decision.hostOf(id)));
    decision.leftUnderWay().forEach(underWay::remove);
    decision.changes().forEach(this::commit);
    blocks.putAll(decision.blocks());
    decision.stored().forEach((tenant, bytes) -> storage.merge(tenant, bytes, Long::sum));
  }

  private void commit(Decision.Change c) {
    if (c.result() != RegistrationResult.NONE) {
      rows.remove(c.uid());
      ended.put(c.uid(), c);
    } else {
      rows.computeIfPresent(
          c.uid(),
          (uid, r) ->
              new RegistrationState(
                  uid,
                  r.paused(),
                  c.version(),
                  r.total(),
                  c.dispatched(),
                  c.settled(),
                  c.succeeded(),
                  c.failed(),
                  r.downloadTotal(),
                  c.downloaded(),
                  c.uploaded(),
                  c.firstFailure()));
    }
  }

  /** A client pauses a registration, or lets it go on. */
  void setPaused(UUID uid, boolean paused) {
    rows.computeIfPresent(
        uid,
        (u, r) ->
            new RegistrationState(
                u,
                paused,
                r.version() + 1,
                r.total(),
                r.dispatched(),
                r.settled(),
                r.succeeded(),
                r.failed(),
                r.downloadTotal(),
                r.downloaded(),
                r.uploaded(),
                r.firstFailure()));
  }

  /** A client aborts a registration: for the shard its row is gone from the active ones. */
  void abort(UUID uid) {
    RegistrationState row = rows.remove(uid);
    aborted += row == null ? 0 : row.downloaded();
  }

  /** What counters say that is not what records say; nothing where all is well. */
  List<String> miscounted() {
    List<String> wrong = new ArrayList<>();
    rows.forEach(
        (uid, row) -> {
          List<Outcome> of = outcomes.values().stream().filter(o -> o.uid().equals(uid)).toList();
          long succeeded = of.stream().filter(o -> o.result() == FetchResult.SUCCESS).count();
          long downloaded =
              of.stream().mapToLong(Outcome::downloaded).sum()
                  + underWay.entrySet().stream()
                      .filter(e -> e.getKey().uid().equals(uid))
                      .mapToLong(e -> e.getValue().downloaded())
                      .sum();
          if (row.settled() != of.size()
              || row.succeeded() != succeeded
              || row.failed() != of.size() - succeeded
              || row.downloaded() != downloaded) {
            wrong.add(row + " but its records have " + of.size() + ", " + downloaded);
          }
          if (row.downloadTotal() > 0 && row.downloaded() > row.downloadTotal()) {
            wrong.add(row + " has more than it declared");
          }
        });
    ended.forEach(
        (uid, end) -> {
          long most = declared.get(uid);
          if (end.result() == RegistrationResult.SUCCESS && most > 0 && end.downloaded() > most) {
            wrong.add(end + " is a success with more than the " + most + " that it declared");
          }
        });
    long all =
        aborted
            + rows.values().stream().mapToLong(RegistrationState::downloaded).sum()
            + ended.values().stream().mapToLong(Decision.Change::downloaded).sum();
    long stored = storage.values().stream().mapToLong(Long::longValue).sum();
    if (stored != all) {
      wrong.add("storage " + stored + " but registrations have " + all);
    }
    return wrong;
  }

  static List<FetchJob> jobs(Decision decision) {
    return decision.releases().stream().map(Decision.Release::job).toList();
  }

  static FetchJob onlyJob(Decision decision) {
    return jobs(decision).stream().collect(onlyOne());
  }

  private static <T> java.util.stream.Collector<T, ?, T> onlyOne() {
    return java.util.stream.Collectors.collectingAndThen(
        java.util.stream.Collectors.toList(),
        list -> {
          if (list.size() != 1) {
            throw new AssertionError("expected one, found " + list.size());
          }
          return list.getFirst();
        });
  }

  static Task task(FetchJob job) {
    return job.task("token");
  }

  static Settled success(Task task, long bytes) {
    return settled(task, FetchResult.SUCCESS, bytes);
  }

  static Settled settled(Task task, FetchResult result, long bytes) {
    return new Settled(WORKER, task, result, null, null, null, null, bytes, 0);
  }

  static Report report(Task task, long downloaded) {
    return new Report(WORKER, 0, 0, List.of(new Progress(task, true, downloaded, 0, 0)));
  }

  /** What the sweep does every two seconds. */
  void lookAgainAtPaused() {
    shard.lookAgainAtPaused();
  }

  Set<UUID> known() {
    return shard.known();
  }

  Shard shard() {
    return shard;
  }

  void produced(FetchJob job, Barrier barrier) {
    shard.produced(job, barrier);
  }
}
