package io.bgfetch.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.worker.fetch.Clearance;
import io.bgfetch.worker.fetch.Fetches;
import io.bgfetch.worker.fetch.OriginSigns;
import io.bgfetch.worker.fetch.RunningFetch;
import io.bgfetch.worker.lane.Limits;
import io.bgfetch.worker.report.News;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest {

  private static final int CONCURRENCY = 2;

  private long now = 1_000_000;
  private final List<FetchEvent> said = new ArrayList<>();
  private final List<Promise<Void>> unacknowledged = new ArrayList<>();
  private final List<FakeFetch> begun = new ArrayList<>();
  private final List<Promise<Void>> probes = new ArrayList<>();
  private final Map<Task, OriginSigns> signs = new HashMap<>();
  private final Set<Task> unfit = new HashSet<>();
  private final UUID uid = UUID.randomUUID();
  private int jobs;
  private final Tasks tasks = tasks(10, CONCURRENCY);

  private Tasks tasks(int hostConcurrency, int concurrency) {
    return new Tasks(
        "w",
        new Limits(
            new LaneLayout(1),
            HostLimits.same(HostLimit.ofConcurrency(hostConcurrency)),
            concurrency),
        new Fakes(),
        new Said(),
        new TaskMeters(new SimpleMeterRegistry(), Tags.empty()),
        () -> Instant.ofEpochMilli(now));
  }

  @BeforeEach
  void own() {
    tasks.own(Set.of(0));
    tasks.controlRead(now);
  }

  private RunningFetch begin(Task task, Clearance clearance) {
    if (unfit.contains(task)) {
      throw new IllegalStateException("no fetch can be made of it");
    }
    FakeFetch fetch = new FakeFetch(task, clearance);
    begun.add(fetch);
    return fetch;
  }

  private TakenJob taken(FetchRequest request, long version) {
    FetchJob job = TestJobs.job(uid, jobs++, version, now, request);
    return new TakenJob(job, job.task("t" + job.index()), 0, 100);
  }

  private TakenJob get() {
    return taken(FetchRequest.get("http://a.example/"), 1);
  }

  private TakenJob post() {
    return taken(
        new FetchRequest(
            "http://a.example/", "POST", Map.of(), Map.of(), null, RedirectMode.FOLLOW, null),
        1);
  }

  private void take(TakenJob... these) {
    tasks.take(List.of(these));
  }

  private <E> List<E> said(Class<E> type) {
    return said.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private void pass(long millis) {
    now += millis;
    tasks.controlRead(now);
    tasks.tick();
  }

  @Test
  void startsAsManyAsMayRunAndTheNextWhenOneHasEnded() {
    take(get(), get(), get());
    assertThat(begun).hasSize(CONCURRENCY);

    begun.getFirst().succeed();

    assertThat(begun).hasSize(3);
    assertThat(said(Settled.class)).hasSize(1);
  }

  @Test
  void holdsATaskUntilItsLastEventIsAcknowledged() {
    take(get());
    begun.getFirst().succeed();

    assertThat(tasks.held()).isEqualTo(1);
    assertThat(tasks.progress()).containsKey(TestJobs.SHARD);
    unacknowledged.getFirst().complete();
    assertThat(tasks.held()).isZero();
    assertThat(tasks.progress()).isEmpty();
  }

  @Test
  void reportsWhatWaitsAsNotStarted() {
    take(get(), get(), get());

    assertThat(tasks.progress().get(TestJobs.SHARD))
        .extracting(FetchEvent.Progress::started)
        .containsExactly(true, true, false);
  }

  @Test
  void reportsWhatWaitsWithTheBytesThatAreStored() {
    RecordResponse head = new RecordResponse("http://a.example/", false, 200, "", Map.of());
    FetchJob.Resume resume =
        new FetchJob.Resume(head, new Segments(List.of(new Segment("a/0", 17))));
    FetchJob job = TestJobs.job(uid, 9, 1, now, FetchRequest.get("http://a.example/"), resume);
    take(get(), get(), new TakenJob(job, job.task("t9"), 0, 100));

    assertThat(tasks.progress().get(TestJobs.SHARD).getLast().downloaded()).isEqualTo(17);
  }

  @Test
  void endsAJobThatNoFetchCanBeMadeOfAndStartsTheOthers() {
    TakenJob bad = get();
    unfit.add(bad.task());
    take(bad, get(), get());
    assertThat(begun).hasSize(CONCURRENCY);
    assertThat(said(Settled.class))
        .singleElement()
        .returns(bad.task(), Settled::task)
        .returns(FetchResult.FETCH_ERROR, Settled::result);

    take(get());
    begun.getFirst().succeed();

    assertThat(begun).hasSize(3);
  }

  @Test
  void weighsWhatItHoldsUntilTheLastEventIsAcknowledged() {
    take(get(), get(), get());
    assertThat(tasks.load()).isEqualTo(new Load(1, 3, 300));

    begun.getFirst().succeed();
    assertThat(tasks.load()).isEqualTo(new Load(0, 3, 300));
    unacknowledged.getFirst().complete();
    assertThat(tasks.load()).isEqualTo(new Load(0, 2, 200));
  }

  @Nested
  class AnAnswer {

    private final Tasks large = tasks(100, 100);

    private void answer(int status) {
      FakeFetch fetch = begun.getFirst();
      signs.get(fetch.task).answered("a.example:80", status, null);
    }

    @BeforeEach
    void start() {
      large.own(Set.of(0));
      large.controlRead(now);
      large.take(Stream.generate(TasksTest.this::get).limit(100).toList());
      assertThat(begun).hasSize(6);
    }

    @Test
    void letsItsHostHaveMore() {
      answer(200);

      assertThat(begun).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void thatAsksForLessLetsItHaveNoMore(int status) {
      answer(status);

      assertThat(begun).hasSize(6);
    }
  }

  @Nested
  class APermission {

    @Test
    void isTheJobItselfForASafeRequest() {
      take(get());

      assertThat(begun.getFirst().ask().succeeded()).isTrue();
      assertThat(said(Asked.class)).isEmpty();
    }

    @Test
    void isAskedForWhenTheJobIsStaleAndAgainEachSecond() {
      take(get());
      pass(2_000);
      Future<Void> cleared = begun.getFirst().ask();
      pass(500);
      assertThat(said(Asked.class)).hasSize(1);
      pass(500);
      assertThat(said(Asked.class)).hasSize(2);
      assertThat(cleared.isComplete()).isFalse();

      tasks.grant(begun.getFirst().task, now);
      assertThat(cleared.succeeded()).isTrue();
    }

    @Test
    void isAlwaysAskedForByARequestThatIsNotSafe() {
      take(post());
      Future<Void> cleared = begun.getFirst().ask();

      assertThat(cleared.isComplete()).isFalse();
      assertThat(said(Asked.class)).hasSize(1);
    }

    @Test
    void thatIsOldWhenItComesIsAskedForAgain() {
      take(post());
      Future<Void> cleared = begun.getFirst().ask();
      tasks.grant(begun.getFirst().task, now - 2_000);

      assertThat(cleared.isComplete()).isFalse();
      assertThat(said(Asked.class)).hasSize(2);
    }

    @Test
    void ofAnotherTaskIsNotThisOnes() {
      take(post());
      Future<Void> cleared = begun.getFirst().ask();
      Task task = begun.getFirst().task;
      tasks.grant(new Task(task.uid(), task.index(), task.attempt(), "other"), now);

      assertThat(cleared.isComplete()).isFalse();
    }

    @Test
    void isWorthNothingWhileOrdersMayBeUnheard() {
      take(get());
      now += 500;
      Future<Void> first = begun.getFirst().ask();
      assertThat(first.isComplete()).isFalse();

      tasks.controlRead(now - 499);
      assertThat(first.succeeded()).isTrue();
    }

    @Test
    void isNeededForAFurtherHopOnlyInSoFarAsOrdersAreHeard() {
      take(post());
      now += 60_000;
      Future<Void> hop = begun.getFirst().clearance.furtherHop("a.example:80");
      assertThat(hop.isComplete()).isFalse();

      tasks.controlRead(now);
      assertThat(hop.succeeded()).isTrue();
      assertThat(said(Asked.class)).isEmpty();
    }
  }

  @Nested
  class AnOrder {

    @Test
    void toCancelCutsAndForgetsSilently() {
      take(get(), get(), get());
      tasks.cancel(uid);

      assertThat(begun).allMatch(f -> f.cut);
      assertThat(tasks.held()).isZero();
      assertThat(said).isEmpty();
    }

    @Test
    void toCancelHoldsForJobsThatComeAfterIt() {
      tasks.cancel(uid);
      take(get());

      assertThat(begun).isEmpty();
      assertThat(said).isEmpty();
    }

    @Test
    void toCancelLeavesOthersAlone() {
      take(get());
      tasks.cancel(UUID.randomUUID());

      assertThat(begun.getFirst().cut).isFalse();
    }

    @Test
    void toDropForgetsOneTask() {
      take(get(), get());
      tasks.drop(begun.getFirst().task);

      assertThat(begun).extracting(f -> f.cut).containsExactly(true, false);
      assertThat(tasks.held()).isEqualTo(1);
      assertThat(said).isEmpty();
    }

    @Test
    void toDropEndsATaskThatWaitsForItsPermissionSilentlyAndOnce() {
      take(post(), post(), get(), get());
      begun.get(0).ask();
      begun.get(1).ask();
      said.clear();

      tasks.drop(begun.get(0).task);
      tasks.drop(begun.get(1).task);

      assertThat(said).isEmpty();
      assertThat(tasks.running()).isEqualTo(CONCURRENCY);
      assertThat(tasks.held()).isEqualTo(2);
      assertThat(tasks.waiting()).isZero();
    }

    @Test
    void toCancelEndsWhatWaitsForItsPermissionSilently() {
      take(post());
      begun.getFirst().ask();
      said.clear();

      tasks.cancel(uid);

      assertThat(said).isEmpty();
      assertThat(tasks.held()).isZero();
      assertThat(tasks.running()).isZero();
    }

    @Test
    void toPauseGivesBackWhatIsOlderWhetherItRunsOrWaits() {
      take(get(), get(), get());
      tasks.pause(uid, 2);

      assertThat(begun).hasSize(2);
      assertThat(said(Yielded.class))
          .extracting(Yielded::connectedMillis)
          .containsExactlyInAnyOrder(0L, 700L, 700L);
      assertThat(tasks.accepting()).isTrue();
    }

    @Test
    void toPauseHoldsForOlderJobsThatComeAfterIt() {
      tasks.pause(uid, 2);
      take(get(), taken(FetchRequest.get("http://a.example/"), 2));

      assertThat(said(Yielded.class)).hasSize(1);
      assertThat(begun).hasSize(1);
    }

    @Test
    void thatCutsAFetchLetsTheNextOneStart() {
      take(get(), get(), get());
      tasks.drop(begun.getFirst().task);

      assertThat(begun).hasSize(3);
    }
  }

  @Test
  void givesBackWhatIsStrandedAndBlamesNobody() {
    take(get());
    begun.getFirst().stranded = true;
    pass(50);

    assertThat(said(Yielded.class)).hasSize(1);
    assertThat(tasks.running()).isZero();
    assertThat(tasks.accepting()).isTrue();
  }

  @Nested
  class WhenItsPartitionMoves {

    @Test
    void whatWaitsIsGivenBackAndWhatRunsMayFinish() {
      take(get(), get(), get());
      tasks.lose(Set.of(0));

      assertThat(said(Yielded.class)).hasSize(1);
      assertThat(begun).hasSize(2).noneMatch(f -> f.cut);
    }
  }

  @Nested
  class WhenTheBlobStoreIsFull {

    private void fill() {
      begun.getFirst().end(new Yielded("w", begun.getFirst().task, "full", null, 0, 0));
    }

    @Test
    void everythingIsGivenBack() {
      take(get(), get(), get());
      fill();
      assertThat(said(Yielded.class)).hasSize(2);
      assertThat(tasks.accepting()).isFalse();

      take(get());
      assertThat(said(Yielded.class)).hasSize(3);
    }

    @Test
    void jobsAreTakenAgainOnceThereIsRoom() {
      take(get());
      fill();

      pass(2_000);
      probes.getFirst().fail("still full");
      assertThat(tasks.accepting()).isFalse();

      pass(2_000);
      assertThat(tasks.suspended()).isTrue();
      probes.getLast().complete();
      assertThat(tasks.accepting()).isTrue();
    }

    @Test
    void aProbeThatBeganBeforeTheLastFailureSaysNothing() {
      take(get(), get());
      fill();
      pass(2_000);

      begun.get(1).end(new Yielded("w", begun.get(1).task, "full", null, 0, 0));
      probes.getFirst().complete();

      assertThat(tasks.accepting()).isFalse();
    }
  }

  @Nested
  class WhenTheWorkerStops {

    @Test
    void whatWaitsIsGivenBackAndWhatRunsHasAMoment() {
      take(get(), get(), get());
      Future<Void> stopped = tasks.stop();
      assertThat(said(Yielded.class)).hasSize(1);

      begun.getFirst().succeed();
      pass(5_000);

      assertThat(said(Yielded.class)).hasSize(2);
      assertThat(stopped.isComplete()).isFalse();
      List.copyOf(unacknowledged).forEach(Promise::complete);
      assertThat(stopped.succeeded()).isTrue();
    }

    @Test
    void itDoesNotWaitForKafkaForEver() {
      take(get());
      Future<Void> stopped = tasks.stop();
      pass(8_000);

      assertThat(stopped.succeeded()).isTrue();
    }
  }

  @Nested
  class ABlockedHost {

    private static final String HOST = "a.example:80";
    private static final String OTHER = "b.example:80";

    private void block(String host, long millis) {
      tasks.block(List.of(new Block(host, now + millis)));
    }

    @Test
    void startsNothingUntilItsBlockEnds() {
      block(HOST, 1_500);
      take(get());
      pass(1_499);
      assertThat(begun).isEmpty();

      pass(1);

      assertThat(begun).hasSize(1);
    }

    @Test
    void getsBackWhatHasWaitedForItLongWithTheTimeWhenItIsWorthAnAttempt() {
      block(HOST, 5_000);
      take(get(), get());
      pass(1_999);
      assertThat(said).isEmpty();

      long until = now + 5_000 - 1_999;
      pass(1);

      assertThat(said(Yielded.class)).extracting(Yielded::notBefore).containsExactly(until, until);
      assertThat(begun).isEmpty();
    }

    @Test
    void isSentNothingByATaskThatHasItsTurn() {
      take(get());
      block(HOST, 5_000);
      Future<Void> cleared = begun.getFirst().ask();
      long until = now + 5_000;
      pass(50);

      assertThat(cleared.succeeded()).isFalse();
      assertThat(said(Yielded.class)).extracting(Yielded::notBefore).containsExactly(until);
      assertThat(tasks.accepting()).isTrue();
    }

    @Test
    void isNotAskedForAPermissionToSendToIt() {
      take(post());
      block(HOST, 5_000);
      begun.getFirst().ask();
      pass(50);

      assertThat(said(Asked.class)).isEmpty();
      assertThat(said(Yielded.class)).hasSize(1);
    }

    @Test
    void isSentWhatWasGrantedAndCannotBeGivenBackOnceItsBlockEnds() {
      take(post());
      Future<Void> cleared = begun.getFirst().ask();
      block(HOST, 300);
      tasks.grant(begun.getFirst().task, now);
      pass(299);
      assertThat(cleared.isComplete()).isFalse();
      assertThat(said(Yielded.class)).isEmpty();

      pass(1);

      assertThat(cleared.succeeded()).isTrue();
    }

    @Test
    void isSentWhatWasGrantedWhileItWasBlockedOnceItsBlockEnds() {
      take(post());
      Future<Void> cleared = begun.getFirst().ask();
      block(HOST, 300);
      pass(50);
      tasks.grant(begun.getFirst().task, now);
      pass(249);
      assertThat(cleared.isComplete()).isFalse();
      assertThat(said(Yielded.class)).isEmpty();

      pass(1);

      assertThat(cleared.succeeded()).isTrue();
      assertThat(said(Asked.class)).hasSize(1);
    }

    @Test
    void isNotFollowedARedirectTo() {
      take(get());
      begun.getFirst().ask();
      block(OTHER, 5_000);
      Future<Void> hop = begun.getFirst().clearance.furtherHop(OTHER);
      long until = now + 5_000;
      pass(50);

      assertThat(hop.succeeded()).isFalse();
      assertThat(said(Yielded.class)).extracting(Yielded::notBefore).containsExactly(until);
    }

    @Test
    void isFollowedARedirectToOnceItsBlockEndsByWhatCannotBeGivenBack() {
      take(post());
      begun.getFirst().ask();
      tasks.grant(begun.getFirst().task, now);
      block(OTHER, 5_000);
      Future<Void> hop = begun.getFirst().clearance.furtherHop(OTHER);
      pass(4_999);
      assertThat(hop.isComplete()).isFalse();
      assertThat(said(Yielded.class)).isEmpty();

      pass(1);

      assertThat(hop.succeeded()).isTrue();
    }

    @Test
    void isFollowedARedirectFrom() {
      take(get());
      begun.getFirst().ask();
      block(HOST, 5_000);

      assertThat(begun.getFirst().clearance.furtherHop(OTHER).succeeded()).isTrue();
    }

    @Test
    void letsWhatItAnswersAlreadyEnd() {
      take(get());
      begun.getFirst().ask();
      block(HOST, 5_000);
      pass(3_000);

      assertThat(said).isEmpty();
      begun.getFirst().succeed();
      assertThat(said(Settled.class)).hasSize(1);
    }

    @Test
    void doesNotHoldUpOthers() {
      block(OTHER, 5_000);
      take(get());

      assertThat(begun.getFirst().ask().succeeded()).isTrue();
    }

    @Test
    void isCountedAtEachTick() {
      block(HOST, 5_000);
      block(OTHER, 1_000);
      pass(50);
      assertThat(tasks.blockedHosts()).isEqualTo(2);

      pass(950);

      assertThat(tasks.blockedHosts()).isOne();
    }
  }

  @Nested
  class ARefusal {

    private static final String HOST = "a.example:80";

    private void refuse(FakeFetch by, Long retryAfter) {
      signs.get(by.task).answered(HOST, 429, retryAfter);
    }

    @Test
    void isToldToTheShardAtOnceWithTheTimeWhenTheRequestWasSent() {
      take(get());
      FakeFetch fetch = begun.getFirst();
      fetch.ask();
      long sentAt = now;
      pass(700);
      refuse(fetch, 2_000L);

      assertThat(said(Refused.class))
          .containsExactly(new Refused("w", fetch.task, HOST, 429, 2_000L, sentAt));
    }

    @Test
    void holdsItsHostBackBeforeAnyWordOfAShard() {
      take(get(), get(), get());
      FakeFetch fetch = begun.getFirst();
      fetch.ask();
      refuse(fetch, 1_500L);
      fetch.succeed();
      pass(1_499);
      assertThat(begun).hasSize(2);

      pass(1);

      assertThat(begun).hasSize(2);
      begun.get(1).succeed();
      assertThat(begun).hasSize(3);
    }

    @Test
    void withoutRetryAfterLeavesItToTheShard() {
      refuseOnly(null);
      assertThat(said(Refused.class)).hasSize(1);
      assertThat(tasks.blockedUntil(HOST)).isLessThanOrEqualTo(now);
    }

    @Test
    void leavesLongTimesToTheShard() {
      refuseOnly(86_400_000L);
      assertThat(tasks.blockedUntil(HOST)).isEqualTo(now + 10_000);
    }

    private void refuseOnly(Long retryAfter) {
      take(get());
      begun.getFirst().ask();
      refuse(begun.getFirst(), retryAfter);
    }
  }

  private final class Fakes implements Fetches {
    @Override
    public RunningFetch begin(FetchJob job, Task task, Clearance clearance, OriginSigns these) {
      signs.put(task, these);
      return TasksTest.this.begin(task, clearance);
    }

    @Override
    public Future<Void> probeStore() {
      Promise<Void> probe = Promise.promise();
      probes.add(probe);
      return probe.future();
    }
  }

  private final class Said implements News {
    @Override
    public void tell(int shard, FetchEvent event) {
      said.add(event);
    }

    @Override
    public Future<Void> deliver(int shard, FetchEvent.OfTask last) {
      said.add(last);
      Promise<Void> acknowledged = Promise.promise();
      unacknowledged.add(acknowledged);
      return acknowledged.future();
    }
  }

  private static final class FakeFetch implements RunningFetch {
    private final Task task;
    private final Clearance clearance;
    private final Promise<Optional<FetchEvent.OfTask>> ended = Promise.promise();
    private boolean cut;
    private boolean stranded;

    FakeFetch(Task task, Clearance clearance) {
      this.task = task;
      this.clearance = clearance;
    }

    /** Without its permission a fetch ends at once, as a real one does. */
    Future<Void> ask() {
      return clearance
          .firstByte()
          .onFailure(
              refused ->
                  end(new Yielded("w", task, String.valueOf(refused.getMessage()), null, 0, 0)));
    }

    void succeed() {
      end(new Settled("w", task, FetchResult.SUCCESS, null, null, null, null, 0, 0));
    }

    void end(FetchEvent.OfTask last) {
      ended.tryComplete(Optional.of(last));
    }

    @Override
    public Future<Optional<FetchEvent.OfTask>> perform() {
      return ended.future();
    }

    @Override
    public void cut() {
      cut = true;
      ended.tryComplete(Optional.empty());
    }

    @Override
    public void giveBack(String why, @Nullable Long notBefore) {
      end(new Yielded("w", task, why, null, 5, 700, notBefore));
    }

    @Override
    public void tick(long now) {}

    @Override
    public boolean stranded(long now) {
      return stranded && !ended.future().isComplete();
    }

    @Override
    public long downloaded() {
      return 0;
    }

    @Override
    public long uploaded() {
      return 0;
    }

    @Override
    public long connectedMillis() {
      return 700;
    }
  }
}
