package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.getsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Changed;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients pause, resume and abort, workers tell, die and repeat themselves, and the shard moves, in
 * any order: counters say at every moment what the records say, and whatever was not aborted ends.
 */
class ShardChaosTest {

  private static final int SEEDS = 150;
  private static final int STEPS = 120;
  private static final RecordResponse HEAD =
      new RecordResponse("http://origin.example/", false, 200, "OK", Map.of());

  private record Held(FetchJob job, long bytes) {}

  private Random random = new Random();
  private boolean passedOver;
  private ShardWorld world = new ShardWorld();
  private final List<Held> held = new ArrayList<>();
  private final List<FetchEvent> told = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 400})
  void keepsCountersExact(long quota) {
    for (int seed = 0; seed < SEEDS; seed++) {
      random = new Random(seed);
      world = new ShardWorld(quota);
      world.queue = new QueueView(Map.of(0, 0L), Map.of(0, 1L), Map.of(0, 1L));
      held.clear();
      told.clear();
      List<UUID> uids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RetryPolicy retry = new RetryPolicy(1 + random.nextInt(3), Set.of(), false);
        uids.add(world.register(retry, random.nextBoolean() ? 0 : 150, getsOf(hosts())));
      }
      for (int i = 0; i < STEPS; i++) {
        disturb(uids.get(random.nextInt(uids.size())));
        step(events());
        assertThat(world.miscounted()).as("seed %d, step %d", seed, i).isEmpty();
        passedOver |= world.underWay.values().stream().anyMatch(UnderWay::parked);
      }
      heal(uids);
      assertThat(world.rows).as("seed %d", seed).isEmpty();
      assertThat(world.ended.values())
          .as("seed %d", seed)
          .allSatisfy(ShardChaosTest::endedWithEveryRecord);
    }
    assertThat(passedOver).isTrue();
  }

  private String[] hosts() {
    return Stream.generate(() -> "host" + random.nextInt(3) + ".example")
        .limit(4)
        .toArray(String[]::new);
  }

  private static void endedWithEveryRecord(Decision.Change end) {
    assertThat(end.settled()).isEqualTo(4);
    assertThat(end.succeeded() + end.failed()).isEqualTo(4);
    assertThat(end.result() == RegistrationResult.SUCCESS).isEqualTo(end.failed() == 0);
    assertThat(end.failureReason() == FetchResult.NONE).isEqualTo(end.failed() == 0);
  }

  private void disturb(UUID uid) {
    switch (random.nextInt(24)) {
      case 0 -> world.setPaused(uid, true);
      case 1, 2 -> world.setPaused(uid, false);
      case 3 -> world.abort(uid);
      case 4 -> world.takeOverAnew();
      case 5 -> held.clear();
      case 6 -> ticks(12);
      case 7 -> world.now += 3_600_000;
      case 8, 9 -> block(random.nextInt(20_000));
      default -> {}
    }
  }

  /** A host is to be left alone for a while, and no other. */
  private void block(int millis) {
    HostBlock block = new HostBlock(world.now + millis, 1, world.now + 10 * millis);
    world
        .shard()
        .hearOfBlocks(Map.of("host" + random.nextInt(3) + ".example:80", block), world.now);
  }

  private FetchEvent[] events() {
    List<FetchEvent> events = new ArrayList<>();
    for (Held one : List.copyOf(held)) {
      if (random.nextInt(3) == 0) {
        events.addAll(newsOf(one));
      }
    }
    if (!told.isEmpty() && random.nextInt(4) == 0) {
      events.add(told.get(random.nextInt(told.size())));
    }
    world.rows.keySet().forEach(uid -> events.add(new Changed(uid)));
    told.addAll(events);
    return events.toArray(FetchEvent[]::new);
  }

  private List<FetchEvent> newsOf(Held one) {
    Task task = one.job().task("token");
    long more = one.bytes() + random.nextInt(30);
    return switch (random.nextInt(8)) {
      case 0 -> List.of(new ResponseReady(WORKER, task, HEAD), report(task, 0));
      case 1, 2 -> goesOn(one, more, List.of(report(task, more)));
      case 3 -> goesOn(one, more, List.of(stored(task, more)));
      case 4 -> List.of(new Asked(WORKER, task));
      case 5 -> {
        held.remove(one);
        yield List.of(
            stored(task, more), new Yielded(WORKER, task, "moved", kept(task, more), 0, 9));
      }
      case 6 -> {
        held.remove(one);
        boolean keep = random.nextBoolean();
        yield List.of(
            stored(task, more),
            new Broke(
                WORKER,
                task,
                "reset",
                keep ? kept(task, more) : null,
                keep && more > one.bytes(),
                null,
                0,
                9,
                null));
      }
      default -> {
        held.remove(one);
        yield List.of(settled(task, more));
      }
    };
  }

  private List<FetchEvent> goesOn(Held one, long bytes, List<FetchEvent> news) {
    held.set(held.indexOf(one), new Held(one.job(), bytes));
    return news;
  }

  private Settled settled(Task task, long bytes) {
    FetchResult[] results = {FetchResult.SUCCESS, FetchResult.BAD_STATUS, FetchResult.FETCH_ERROR};
    FetchResult result = random.nextInt(3) > 0 ? results[0] : results[random.nextInt(3)];
    return ShardWorld.settled(task, result, bytes);
  }

  private static Report report(Task task, long bytes) {
    return new Report(WORKER, 0, 0, List.of(new Progress(task, true, bytes, 0, bytes * 100)));
  }

  private static FetchJob.Resume kept(Task task, long bytes) {
    return new FetchJob.Resume(HEAD, stored(task, bytes).stored());
  }

  private static SegmentStored stored(Task task, long bytes) {
    return new SegmentStored(
        WORKER, task, HEAD, new Segments(List.of(new Segment("of/" + task.attempt(), bytes))));
  }

  private void step(FetchEvent... events) {
    take(world.step(events));
  }

  private void ticks(int seconds) {
    for (int i = 0; i < seconds; i++) {
      take(world.tick());
    }
  }

  private void take(Decision decision) {
    for (FetchJob job : ShardWorld.jobs(decision)) {
      world.produced(job, new Barrier.At(0, 0));
      FetchJob.Resume resume = job.resume();
      held.add(new Held(job, resume == null ? 0 : resume.stored().size()));
    }
  }

  /** Nobody disturbs any more, every job succeeds, and what is lost is found. */
  private void heal(List<UUID> uids) {
    uids.forEach(uid -> world.setPaused(uid, false));
    world.shard().hearOfBlocks(Map.of(), world.now);
    for (int i = 0; i < 100 && !world.rows.isEmpty(); i++) {
      List<FetchEvent> events = new ArrayList<>();
      world.rows.keySet().forEach(uid -> events.add(new Changed(uid)));
      held.forEach(one -> events.add(ShardWorld.success(one.job().task("token"), one.bytes())));
      held.clear();
      step(events.toArray(FetchEvent[]::new));
      ticks(20);
      world.now += 3_600_000;
    }
  }
}
