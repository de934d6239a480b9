package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The time of a record in the core of a shard: steps that settle 64 records of an endless
 * registration and release as many, with tables that are fields.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardBenchmark {

  private static final int BATCH = 64;

  /** How often the shard is stepped until a second has passed for it; its window follows that. */
  @Param({"10", "100"})
  int stepsPerSecond;

  private static final String HOST = "origin.example:8080";
  private static final UUID UID = new UUID(0, 1);

  private final FetchRequest request = FetchRequest.get("http://" + HOST + "/some/path");
  private final RecordResponse response =
      new RecordResponse("http://" + HOST + "/some/path", false, 200, "OK", Map.of());
  private final StoredBody body = new StoredBody.Inline(new byte[1_024]);
  private final Deque<FetchJob> released = new ArrayDeque<>();
  private Shard shard;
  private RegistrationState row;
  private int steps;
  private long now = 1_795_368_139_161L;

  @Setup
  public void register() {
    ShardRules rules =
        ShardRules.of(
            1,
            new LaneLayout(64),
            HostLimits.same(HostLimit.ofConcurrency(64)),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Quota.UNLIMITED);
    shard = new Shard("owner", rules, new Random(1));
    row = state(0, 0, 0, now);
    shard.load(
        new RegistrationTerms(UID, "default", 0, RetryPolicy.DEFAULT, Timeouts.DEFAULT),
        row,
        List.of());
    shard.hearOfStorage(Map.of());
    shard.hearOfBlocks(Map.of(), now);
    while (released.size() < BATCH) {
      step(List.of());
    }
  }

  private static RegistrationState state(int dispatched, int settled, long bytes, long version) {
    return new RegistrationState(
        UID,
        false,
        version,
        Integer.MAX_VALUE,
        dispatched,
        settled,
        settled,
        0,
        0,
        bytes,
        0,
        FetchResult.NONE);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Decision settleAndRelease() {
    List<FetchEvent> events = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      events.add(
          new FetchEvent.Settled(
              "worker",
              released.remove().task("token"),
              FetchResult.SUCCESS,
              null,
              response,
              body,
              "digest",
              1_024,
              0));
    }
    Decision decision = step(events);
    if (decision.outcomes().size() != BATCH) {
      throw new IllegalStateException("not all were settled: " + decision.outcomes().size());
    }
    steps++;
    if (steps % stepsPerSecond == 0) {
      now += 1_000;
      step(List.of(new FetchEvent.Tick("owner")));
    }
    return decision;
  }

  private Decision step(List<FetchEvent> events) {
    now++;
    Map<UUID, Stretch> found = new HashMap<>();
    shard
        .takeLooks()
        .forEach(
            (uid, run) -> {
              LinkedHashMap<String, Integer> named = new LinkedHashMap<>();
              named.put(HOST, run.from());
              found.put(uid, new Stretch(run, named));
            });
    shard.hearOfHosts(found);
    Plan plan = shard.plan(events, List.of(), true);
    Map<RecordId, FetchRequest> requests = new HashMap<>();
    plan.firsts()
        .forEach(
            (uid, first) -> {
              for (int i = first.run().from(); i < first.run().to(); i++) {
                requests.put(new RecordId(uid, i), request);
              }
            });
    List<RegistrationState> locked = plan.uids().isEmpty() ? List.of() : List.of(row);
    Decision decision = shard.decide(new Given(events, plan, locked, requests, null, now));
    decision.releases().forEach(release -> released.add(release.job()));
    decision.changes().forEach(this::commit);
    return decision;
  }

  private void commit(Decision.Change change) {
    if (change.result() != RegistrationResult.NONE) {
      throw new IllegalStateException("it ended: " + change);
    }
    row = state(change.dispatched(), change.settled(), change.downloaded(), change.version());
  }
}
