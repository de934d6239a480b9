package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.gets;
import static io.bgfetch.gateway.shard.ShardWorld.jobs;
import static io.bgfetch.gateway.shard.ShardWorld.onlyJob;
import static io.bgfetch.gateway.shard.ShardWorld.post;
import static io.bgfetch.gateway.shard.ShardWorld.report;
import static io.bgfetch.gateway.shard.ShardWorld.settled;
import static io.bgfetch.gateway.shard.ShardWorld.success;
import static io.bgfetch.gateway.shard.ShardWorld.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.message.ControlMessage.Cancel;
import io.bgfetch.message.ControlMessage.Drop;
import io.bgfetch.message.ControlMessage.Granted;
import io.bgfetch.message.ControlMessage.Pause;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Changed;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ShardTest {

  private final ShardWorld world = new ShardWorld();

  private static Broke broke(Task task) {
    return new Broke(WORKER, task, "connection refused", null, false, null, 0, 0, null);
  }

  private static final RecordResponse HEAD =
      new RecordResponse("http://origin.example/0", false, 200, "OK", Map.of());

  private static Broke broke(Task task, boolean keepStored, boolean newBytes) {
    return new Broke(
        WORKER, task, "reset", keepStored ? kept(task, 8) : null, newBytes, null, 0, 0, null);
  }

  /** Everything up to so many bytes is durable. */
  private static SegmentStored stored(Task task, long bytes) {
    return new SegmentStored(
        WORKER,
        task,
        HEAD,
        new StoredBody.Segments(List.of(new Segment("of/" + task.attempt(), bytes))));
  }

  private static FetchJob.Resume kept(Task task, long bytes) {
    return new FetchJob.Resume(HEAD, stored(task, bytes).stored());
  }

  private static Report connected(Task task, long downloaded, long millis) {
    return new Report(WORKER, 0, 0, List.of(new Progress(task, true, downloaded, 0, millis)));
  }

  private FetchJob nextAttempt() {
    world.now += 3_600_000;
    return onlyJob(world.step());
  }

  @Nested
  class WhenNothingGoesWrong {

    @Test
    void releasesEveryRecordOnceInOrder() {
      world.register(3);

      Decision first = world.step();
      Decision second = world.step();

      assertThat(jobs(first)).extracting(FetchJob::index).containsExactly(0, 1, 2);
      assertThat(jobs(first)).extracting(FetchJob::attempt).containsOnly(1);
      assertThat(jobs(second)).isEmpty();
    }

    @Test
    void endsWithSuccessWhenEveryRecordSucceeded() {
      UUID uid = world.register(2);
      List<FetchJob> jobs = jobs(world.step());

      world.step(success(task(jobs.get(1)), 10));
      assertThat(world.rows.get(uid).settled()).isOne();
      world.step(success(task(jobs.get(0)), 32));

      Decision.Change end = world.ended.get(uid);
      assertThat(end.result()).isEqualTo(RegistrationResult.SUCCESS);
      assertThat(end.failureReason()).isEqualTo(FetchResult.NONE);
      assertThat(end.downloaded()).isEqualTo(42);
      assertThat(end.succeeded()).isEqualTo(2);
    }

    @Test
    void namesTheReasonOfTheFirstRecordThatFailedInTime() {
      UUID uid = world.register(3);
      List<FetchJob> jobs = jobs(world.step());

      world.step(
          settled(task(jobs.get(2)), FetchResult.BAD_STATUS, 5),
          settled(task(jobs.get(0)), FetchResult.FETCH_ERROR, 0),
          success(task(jobs.get(1)), 1));

      Decision.Change end = world.ended.get(uid);
      assertThat(end.result()).isEqualTo(RegistrationResult.FAILURE);
      assertThat(end.failureReason()).isEqualTo(FetchResult.BAD_STATUS);
      assertThat(end.failed()).isEqualTo(2);
      assertThat(end.settled()).isEqualTo(3);
    }

    @Test
    void countsAnEventThatComesTwiceOnce() {
      UUID uid = world.register(2);
      Task task = task(jobs(world.step()).getFirst());

      world.step(success(task, 10), success(task, 10));
      world.step(success(task, 10));

      assertThat(world.rows.get(uid).settled()).isOne();
      assertThat(world.rows.get(uid).downloaded()).isEqualTo(10);
    }

    @Test
    void countsTheBytesOfReportsAndThenThoseOfTheEndInstead() {
      UUID uid = world.register(2);
      Task task = task(jobs(world.step()).getFirst());

      world.step(report(task, 700));
      assertThat(world.rows.get(uid).downloaded()).isEqualTo(700);
      world.step(success(task, 1000));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(1000);
      assertThat(world.underWay).isEmpty();
    }

    @Test
    void raisesTheVersionWithEveryChange() {
      UUID uid = world.register(2);
      long before = world.rows.get(uid).version();

      List<FetchJob> jobs = jobs(world.step());
      long released = world.rows.get(uid).version();
      world.step(success(task(jobs.getFirst()), 1));

      assertThat(released).isGreaterThan(before);
      assertThat(world.rows.get(uid).version()).isGreaterThan(released);
    }
  }

  @Nested
  class Window {

    @Test
    void letsOneRegistrationHaveAThirdOfItForOneHostWhileNothingIsFinished() {
      world.register(100_000);

      assertThat(world.release()).hasSize(171);
      assertThat(jobs(world.step())).isEmpty();
    }

    @Test
    void isNeverFullForTheNextTenant() {
      for (int tenant = 0; tenant < 8; tenant++) {
        world.register("tenant-" + tenant, "host" + tenant + ".example", 100_000);
        world.release();
      }
      UUID next = world.register("next", "next.example", 1);

      assertThat(jobs(world.step())).extracting(FetchJob::uid).contains(next);
    }

    @Test
    void servesSmallRegistrationsBesideABigOne() {
      world.register("default", "big.example", 100_000);
      world.release();
      UUID small = world.register("default", "small.example", 10);

      assertThat(jobs(world.step())).filteredOn(job -> job.uid().equals(small)).hasSize(10);
    }

    @Test
    void doesNotCountWhatHasStarted() {
      world.register(1_000);
      List<FetchJob> jobs = world.release();

      Decision next = world.step(report(task(jobs.get(0)), 1), report(task(jobs.get(1)), 1));

      assertThat(jobs(next)).isEmpty();
      assertThat(jobs(world.step())).hasSize(2);
    }
  }

  @Nested
  class Permission {

    @Test
    void isGrantedToWhoAsksWhileTheTaskIsCurrent() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      assertThat(world.step(new Asked(WORKER, task)).control())
          .containsExactly(new Granted(task, world.now));
    }

    @Test
    void isRefusedToAnEarlierAttempt() {
      world.register(1);
      Task first = task(onlyJob(world.step()));
      world.step(broke(first));
      world.now += 10_000;
      world.step();

      assertThat(world.step(new Asked(WORKER, first)).control()).containsExactly(new Drop(first));
    }

    @Test
    void isBoundToOneTaskForARequestThatIsNotSafe() {
      world.register(RetryPolicy.DEFAULT, 0, post());
      FetchJob job = onlyJob(world.step());
      Task one = job.task("one");
      Task other = job.task("other");

      assertThat(world.step(new Asked(WORKER, one)).control())
          .containsExactly(new Granted(one, world.now));
      assertThat(world.step(new Asked("worker-2", other)).control())
          .containsExactly(new Drop(other));
      assertThat(world.step(new Asked(WORKER, one)).control())
          .containsExactly(new Granted(one, world.now));
    }

    /** The queue was read again from further back, and so one job came to two workers. */
    @Test
    void leavesNothingToSayToTheOtherTaskOfItsAttempt() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 0, post());
      FetchJob job = onlyJob(world.step());
      Task one = job.task("one");
      Task other = job.task("other");
      world.step(new Asked(WORKER, one));

      for (FetchEvent news :
          List.of(
              broke(other),
              new Yielded("worker-2", other, "it stops", null, 7, 7),
              stored(other, 70),
              success(other, 7),
              report(other, 7))) {
        assertThat(world.step(news).control()).as(news.toString()).containsExactly(new Drop(other));
        world.ticks(2);
      }
      assertThat(world.rows.get(uid).settled()).isZero();
      assertThat(world.rows.get(uid).downloaded()).isZero();
      assertThat(world.rows.get(uid).uploaded()).isZero();

      world.step(success(one, 10));
      assertThat(world.ended.get(uid).succeeded()).isOne();
      assertThat(world.ended.get(uid).downloaded()).isEqualTo(10);
    }

    @Test
    void outlivesATakeOverOfTheShard() {
      world.register(RetryPolicy.DEFAULT, 0, post());
      FetchJob job = onlyJob(world.step());
      world.step(new Asked(WORKER, job.task("one")));

      world.takeOverAnew();

      assertThat(world.step(new Asked("worker-2", job.task("other"))).control())
          .containsExactly(new Drop(job.task("other")));
    }

    @Test
    void isRefusedAndTheJobTakenBackWhilePaused() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));
      world.setPaused(uid, true);

      Decision paused = world.step(new Asked(WORKER, task));
      assertThat(paused.control()).containsExactly(new Drop(task));
      assertThat(jobs(world.step())).isEmpty();

      world.setPaused(uid, false);
      assertThat(onlyJob(world.step(new Changed(uid))).attempt()).isEqualTo(2);
    }

    @Test
    void isRefusedToATaskOfAnEndedRegistrationWhichIsCancelled() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));
      world.abort(uid);

      Decision decision = world.step(new Asked(WORKER, task));

      assertThat(decision.control()).containsExactlyInAnyOrder(new Cancel(uid), new Drop(task));
      assertThat(decision.foundEnded()).containsExactly(uid);
      assertThat(world.known()).isEmpty();
    }
  }

  @Nested
  class WhenAnAttemptFails {

    @Test
    void waitsAndReleasesItAsTheNextAttempt() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      assertThat(jobs(world.step(broke(task)))).isEmpty();
      world.now += 400;
      assertThat(jobs(world.step())).isEmpty();
      world.now += 600;

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void givesUpAfterTheLastAttempt() {
      UUID uid = world.register(1);

      for (int attempt = 1; attempt <= 5; attempt++) {
        FetchJob job = onlyJob(world.step());
        assertThat(job.attempt()).isEqualTo(attempt);
        world.step(broke(task(job)));
        world.now += 3_600_000;
      }

      Outcome outcome = world.outcomes.get(new RecordId(uid, 0));
      assertThat(outcome.result()).isEqualTo(FetchResult.FETCH_ERROR);
      assertThat(outcome.error()).isEqualTo("connection refused");
      assertThat(outcome.attempts()).isEqualTo(5);
      assertThat(world.ended.get(uid).failureReason()).isEqualTo(FetchResult.FETCH_ERROR);
    }

    @Test
    void countsTheFirstAttemptAgainstTheLimit() {
      UUID uid = world.register(new RetryPolicy(1, Set.of(), false), 0, gets(1));

      world.step(broke(task(onlyJob(world.step()))));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).attempts()).isOne();
    }

    @Test
    void startsTheCountAgainWithAnAttemptThatStoredNewBytes() {
      UUID uid = world.register(new RetryPolicy(3, Set.of(), false), 0, gets(1));
      Task first = task(onlyJob(world.step()));
      world.step(broke(first));
      Task second = task(nextAttempt());
      world.step(broke(second));
      Task third = task(nextAttempt());
      world.step(stored(third, 8), broke(third, true, true));
      world.step(broke(task(nextAttempt()), true, false));

      assertThat(world.outcomes).isEmpty();
      world.step(broke(task(nextAttempt()), true, false));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).attempts()).isEqualTo(5);
    }

    @Test
    void countsAnAttemptWhoseBytesAreThrownAway() {
      UUID uid = world.register(new RetryPolicy(2, Set.of(), false), 0, gets(1));
      for (int attempt = 1; attempt <= 2; attempt++) {
        Task task = task(attempt == 1 ? onlyJob(world.step()) : nextAttempt());
        world.step(stored(task, 8), broke(task, false, true));
      }

      assertThat(world.outcomes.get(new RecordId(uid, 0)).attempts()).isEqualTo(2);
    }

    @Test
    void countsNoAttemptThatWasLostOrGivenBackButAllAreToldOf() {
      UUID uid = world.register(new RetryPolicy(2, Set.of(), false), 0, gets(1));
      Task first = task(onlyJob(world.step()));
      world.step(new Yielded(WORKER, first, "shutdown", null, 0, 0));
      Task second = task(onlyJob(world.step()));
      world.step(report(second, 0));
      world.ticks(11);
      Task third = task(onlyJob(world.ticks(1)));
      world.step(broke(third));
      Task fourth = task(nextAttempt());
      assertThat(world.outcomes).isEmpty();

      world.step(broke(fourth));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).attempts()).isEqualTo(4);
    }

    @Test
    void startsTheCountAgainWhereALostAttemptHadStoredNewBytes() {
      UUID uid = world.register(new RetryPolicy(2, Set.of(), false), 0, gets(1));
      world.step(broke(task(onlyJob(world.step()))));
      Task second = task(nextAttempt());
      world.step(stored(second, 8));
      world.ticks(11);
      Task third = task(onlyJob(world.ticks(1)));

      world.step(broke(third, true, false));
      assertThat(world.outcomes).isEmpty();
      world.step(broke(task(nextAttempt()), true, false));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).attempts()).isEqualTo(4);
    }

    @Test
    void keepsWhatWasStoredForTheNextAttemptWhereItMayBeResumed() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(stored(task, 8), report(task, 11), broke(task, true, true));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(8);
      FetchJob.Resume resume = nextAttempt().resume();
      assertThat(resume).isNotNull();
      assertThat(resume.stored().size()).isEqualTo(8);
    }

    @Test
    void throwsAwayWhatWasStoredOnceANewResponseReplacesIt() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(stored(task, 8), broke(task, true, true));
      Task second = task(nextAttempt());

      world.step(new ResponseReady(WORKER, second, HEAD));

      assertThat(world.rows.get(uid).downloaded()).isZero();
      world.step(broke(second, false, false));
      assertThat(nextAttempt().resume()).isNull();
    }

    @Test
    void keepsTheCountOfBytesWhenItsFirstResponseIsKnown() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));

      world.step(report(task, 5), new ResponseReady(WORKER, task, HEAD));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(5);
    }

    @Test
    void neverWaitsLongerThanTheCapWhateverTheOriginAsks() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(new Broke(WORKER, task, "503", null, false, 86_400_000L, 0, 0, null));

      world.now += 300_000;

      assertThat(jobs(world.step())).hasSize(1);
    }

    @Test
    void endsAnUnsafeRequestThatWasAnsweredWithTheStatusInsteadOfSendingItAgain() {
      UUID uid = world.register(new RetryPolicy(5, Set.of(503), false), 0, post());
      Task task = task(onlyJob(world.step()));
      world.step(new Asked(WORKER, task));

      world.step(
          new Broke(
              WORKER,
              task,
              "503",
              null,
              false,
              null,
              0,
              0,
              settled(task, FetchResult.BAD_STATUS, 7)));

      assertThat(world.ended.get(uid).failureReason()).isEqualTo(FetchResult.BAD_STATUS);
    }

    @Test
    void tellsTheNextAttemptHowLongTheOnesBeforeWereConnected() {
      world.register(1);
      Task first = task(onlyJob(world.step()));
      world.step(connected(first, 1, 700));
      world.step(new Broke(WORKER, first, "reset", null, false, null, 0, 1_000, null));
      FetchJob second = nextAttempt();
      world.step(new Yielded(WORKER, task(second), "shutdown", null, 0, 500));

      FetchJob third = onlyJob(world.step());

      assertThat(second.connectedMillis()).isEqualTo(1_000);
      assertThat(third.connectedMillis()).isEqualTo(1_500);
    }

    @Test
    void countsTheTimeOfALostAttemptAsItWasReportedLast() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(connected(task, 1, 700));

      world.ticks(11);

      assertThat(onlyJob(world.ticks(1)).connectedMillis()).isEqualTo(700);
    }

    @Test
    void writesNoRowForTimeAloneMoreOftenThanEveryFewSeconds() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      assertThat(world.step(connected(task, 0, 4_999)).underWay()).isEmpty();
      assertThat(world.step(connected(task, 0, 5_000)).underWay()).hasSize(1);
      assertThat(world.step(connected(task, 0, 9_000)).underWay()).isEmpty();
      assertThat(world.step(connected(task, 1, 9_500)).underWay()).hasSize(1);
    }

    @Test
    void countsWhatAnAttemptSentThatWasGivenBack() {
      UUID uid = world.register(new RetryPolicy(5, Set.of(), true), 0, post(), post());
      Task task = task(jobs(world.step()).getFirst());

      world.step(new Yielded(WORKER, task, "shutdown", null, 300, 0));

      assertThat(world.rows.get(uid).uploaded()).isEqualTo(300);
    }

    @Test
    void showsTheStatusThatWasTriedAgainOnceNoTryIsLeft() {
      UUID uid = world.register(new RetryPolicy(1, Set.of(503), false), 0, gets(1));
      Task task = task(onlyJob(world.step()));

      world.step(
          new Broke(
              WORKER,
              task,
              "503",
              null,
              false,
              1000L,
              0,
              0,
              settled(task, FetchResult.BAD_STATUS, 7)));

      assertThat(world.ended.get(uid).failureReason()).isEqualTo(FetchResult.BAD_STATUS);
      assertThat(world.ended.get(uid).downloaded()).isEqualTo(7);
    }

    @Test
    void waitsAsLongAsTheOriginAsked() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(new Broke(WORKER, task, "503", null, false, 60_000L, 0, 0, null));

      world.now += 59_000;
      assertThat(jobs(world.step())).isEmpty();
      world.now += 1_001;
      assertThat(jobs(world.step())).hasSize(1);
    }

    @Test
    void neverSendsAnUnsafeRequestAgainThatHadItsGrant() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 0, post());
      Task task = task(onlyJob(world.step()));
      world.step(new Asked(WORKER, task));

      world.step(broke(task));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).result())
          .isEqualTo(FetchResult.FETCH_ERROR);
    }

    @Test
    void countsWhatOneAttemptSentOnceThoughTheShardMoved() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 0, post(), post());
      Task task = task(jobs(world.step()).getFirst());
      world.step(new Report(WORKER, 0, 0, List.of(new Progress(task, true, 0, 700, 0))));
      world.takeOverAnew();

      world.step(new Report(WORKER, 0, 0, List.of(new Progress(task, true, 0, 900, 0))));

      assertThat(world.rows.get(uid).uploaded()).isEqualTo(900);
    }

    @Test
    void takesBytesThatAreThrownAwayOffTheCount() {
      UUID uid = world.register(2);
      Task task = task(jobs(world.step()).getFirst());
      world.step(report(task, 500));

      world.step(broke(task));

      assertThat(world.rows.get(uid).downloaded()).isZero();
    }
  }

  @Nested
  class WhenTheWorkerFallsSilent {

    @Test
    void releasesItsJobsAgainWithWhatWasStored() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      StoredBody.Segments stored = new StoredBody.Segments(List.of(new Segment("a/b", 8)));
      world.step(new SegmentStored(WORKER, task, HEAD, stored));

      world.ticks(11);
      FetchJob again = onlyJob(world.ticks(1));

      assertThat(again.attempt()).isEqualTo(2);
      assertThat(again.resume()).isEqualTo(new FetchJob.Resume(HEAD, stored));
    }

    @Test
    void keepsTheJobsOfAWorkerThatReports() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      for (int i = 0; i < 30; i++) {
        assertThat(jobs(world.ticks(1))).isEmpty();
        world.step(report(task, 0));
      }
    }

    @Test
    void endsAnUnsafeRequestThatHadItsGrant() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 0, post());
      world.step(new Asked(WORKER, task(onlyJob(world.step()))));

      world.ticks(12);

      assertThat(world.outcomes.get(new RecordId(uid, 0)).result())
          .isEqualTo(FetchResult.FETCH_ERROR);
    }

    @Test
    void forgetsTheLossesBeforeOnceTheOriginWasHeardOf() {
      world.register(1);
      Decision decision = world.step();

      for (int i = 0; i < 5; i++) {
        Task task = task(onlyJob(decision));
        world.step(report(task, 0), new ResponseReady(WORKER, task, HEAD));
        world.ticks(11);
        decision = world.ticks(1);
      }

      assertThat(world.outcomes).isEmpty();
      assertThat(onlyJob(decision).attempt()).isEqualTo(6);
    }

    @Test
    void endsARecordThatLostThreeWorkersInARow() {
      UUID uid = world.register(1);
      Decision decision = world.step();

      for (int i = 0; i < 3; i++) {
        world.step(report(task(onlyJob(decision)), 0));
        world.ticks(11);
        decision = world.ticks(1);
      }

      assertThat(world.outcomes.get(new RecordId(uid, 0)).error()).isEqualTo("lost 3 workers");
    }
  }

  @Nested
  class WhenNobodyReportsAJob {

    @Test
    void waitsWhileItIsQueued() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 41L));

      assertThat(jobs(world.ticks(60))).isEmpty();
      assertThat(world.underWay).isEmpty();
    }

    @Test
    void releasesItAgainOnceItHasLeftTheQueue() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 42L));

      assertThat(jobs(world.ticks(16))).isEmpty();

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void givesWhoTakesItTimeToReportItHoweverLongItWasQueued() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 41L));
      world.ticks(60);

      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 42L));
      assertThat(jobs(world.ticks(9))).isEmpty();
      world.step(report(task(job), 0));

      assertThat(jobs(world.ticks(10))).isEmpty();
      assertThat(world.underWay).isEmpty();
    }

    @Test
    void releasesItAgainWhenWhoTookItLateDoesNotReportIt() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 41L));
      world.ticks(60);

      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 42L));
      world.ticks(10);

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void beginsAnewToCountWhenItIsQueuedAgain() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      QueueView taken = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 42L));
      world.queue = taken;
      world.ticks(15);

      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 40L));
      world.ticks(5);
      world.queue = taken;

      assertThat(jobs(world.ticks(10))).isEmpty();
      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void isNotLostByTicksThatWereWrittenBeforeItsRelease() {
      world.register(1);
      world.shard().hearOfTicksAhead(30);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 50L), Map.of(3, 42L));

      for (int unread = 29; unread >= 0; unread--) {
        world.shard().hearOfTicksAhead(unread);
        assertThat(jobs(world.tick())).isEmpty();
      }
      assertThat(jobs(world.ticks(16))).isEmpty();
      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void releasesItAgainWhenTheTopicCameBackEmpty() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 0L), Map.of(3, 0L), Map.of(3, 40L));

      assertThat(jobs(world.ticks(16))).isEmpty();

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void releasesItAgainWhenTheTopicForgotItUntaken() {
      world.register(1);
      FetchJob job = onlyJob(world.step());
      world.produced(job, new Barrier.At(3, 41));
      world.queue = new QueueView(Map.of(3, 100L), Map.of(3, 100L), Map.of(3, 5L));

      assertThat(jobs(world.ticks(16))).isEmpty();

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void findsAfterATakeOverWhatWasNeverProduced() {
      world.register(1);
      world.step();
      world.takeOverAnew();

      assertThat(jobs(world.ticks(16))).isEmpty();

      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }
  }

  @Nested
  class WhenAJobIsGivenBack {

    @Test
    void releasesItAtOnceWithoutCountingATry() {
      world.register(1);
      FetchJob job = onlyJob(world.step());

      for (int attempt = 2; attempt < 12; attempt++) {
        world.step(new Yielded(WORKER, task(job), "shutdown", null, 0, 0));
        job = onlyJob(world.step());
        assertThat(job.attempt()).isEqualTo(attempt);
      }
    }

    @Test
    void endsAnUnsafeRequestThatHadItsGrant() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 0, post());
      Task task = task(onlyJob(world.step()));
      world.step(new Asked(WORKER, task));

      world.step(new Yielded(WORKER, task, "shutdown", null, 0, 0));

      assertThat(world.outcomes.get(new RecordId(uid, 0)).error()).contains("given back");
    }

    @Test
    void grantsItAgainWhereTheRegistrationAllowsRepeating() {
      world.register(new RetryPolicy(5, Set.of(), true), 0, post());
      Task first = task(onlyJob(world.step()));
      world.step(new Asked(WORKER, first));
      world.step(new Yielded(WORKER, first, "shutdown", null, 0, 0));

      Task second = onlyJob(world.step()).task("second");

      assertThat(world.step(new Asked(WORKER, second)).control())
          .containsExactly(new Granted(second, world.now));
    }
  }

  /** What a worker says last is the truth, whatever became of its news before. */
  @Nested
  class WhatALastWordKeeps {

    private final RecordResponse other =
        new RecordResponse("http://origin.example/0", false, 200, "OK", Map.of("etag", "\"2\""));

    private FetchJob.Resume anew(Task task, long bytes) {
      return new FetchJob.Resume(other, stored(task, bytes).stored());
    }

    @Test
    void isWhatAFailedAttemptLeavesToTheNext() {
      UUID uid = world.register(1);
      Task first = task(onlyJob(world.step()));
      world.step(stored(first, 8), broke(first, true, true));
      Task second = task(nextAttempt());

      world.step(new Broke(WORKER, second, "reset", anew(second, 5), true, null, 0, 0, null));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(5);
      assertThat(nextAttempt().resume()).isEqualTo(anew(second, 5));
    }

    @Test
    void isWhatAJobThatIsGivenBackLeavesToTheNext() {
      UUID uid = world.register(1);
      Task first = task(onlyJob(world.step()));
      world.step(stored(first, 8), broke(first, true, true));
      Task second = task(nextAttempt());

      world.step(new Yielded(WORKER, second, "shutdown", anew(second, 20), 0, 0));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(20);
      assertThat(nextAttempt().resume()).isEqualTo(anew(second, 20));
    }

    @Test
    void isNothingWhereAWorkerHasThrownItAway() {
      UUID uid = world.register(1);
      Task first = task(onlyJob(world.step()));
      world.step(stored(first, 8), broke(first, true, true));
      Task second = task(nextAttempt());

      world.step(new Yielded(WORKER, second, "shutdown", null, 0, 0));

      assertThat(world.rows.get(uid).downloaded()).isZero();
      assertThat(nextAttempt().resume()).isNull();
    }
  }

  @Nested
  class WhilePaused {

    @Test
    void startsNothingAndGoesOnAfterwardsWithEveryRecord() {
      UUID uid = world.register(300);
      List<FetchJob> jobs = world.release();
      assertThat(jobs).hasSize(171);
      world.setPaused(uid, true);

      assertThat(jobs(world.step(new Changed(uid)))).isEmpty();
      jobs.forEach(job -> assertThat(jobs(world.step(success(task(job), 1)))).isEmpty());
      assertThat(world.rows.get(uid).dispatched()).isEqualTo(171);

      world.setPaused(uid, false);
      world.step(new Changed(uid));
      assertThat(jobs(world.step())).isNotEmpty();
    }

    @Test
    void takesBackWhatRanWithItsBytesAndGoesOnFromThem() {
      UUID uid = world.register(1);
      FetchJob job = onlyJob(world.step());
      Task task = task(job);
      world.setPaused(uid, true);

      world.step(stored(task, 8), new Yielded(WORKER, task, "paused", kept(task, 8), 0, 40));
      assertThat(jobs(world.ticks(60))).isEmpty();
      assertThat(world.rows.get(uid).downloaded()).isEqualTo(8);

      world.setPaused(uid, false);
      FetchJob again = onlyJob(world.step(new Changed(uid)));
      assertThat(again.resume()).isEqualTo(new FetchJob.Resume(HEAD, stored(task, 8).stored()));
      assertThat(again.version()).isGreaterThan(job.version());
      assertThat(again.connectedMillis()).isEqualTo(40);
    }

    @Test
    void remindsWhoRunsItStillButOnceASecondOnly() {
      UUID uid = world.register(2);
      List<FetchJob> jobs = jobs(world.step());
      world.setPaused(uid, true);
      long version = world.rows.get(uid).version();

      Decision first = world.step(report(task(jobs.get(0)), 1), report(task(jobs.get(1)), 1));
      assertThat(first.control()).containsExactly(new Pause(uid, version));
      assertThat(world.step(report(task(jobs.get(0)), 2)).control()).isEmpty();
      world.tick();
      assertThat(world.step(report(task(jobs.get(0)), 3)).control())
          .allMatch(message -> message instanceof Pause)
          .hasSize(1);
    }

    @Test
    void releasesNoRecordWhoseNextTryHasCome() {
      UUID uid = world.register(1);
      world.step(broke(task(onlyJob(world.step()))));
      world.setPaused(uid, true);
      world.step(new Changed(uid));

      world.now += 3_600_000;
      assertThat(jobs(world.step())).isEmpty();

      world.setPaused(uid, false);
      assertThat(jobs(world.step(new Changed(uid)))).hasSize(1);
    }

    @Test
    void releasesNothingThatWasPlannedBeforeThePauseWasSeen() {
      UUID uid = world.register(300);
      world.step();
      world.setPaused(uid, true);

      world.takeOverAnew();
      Decision decision = world.step();

      assertThat(jobs(decision)).isEmpty();
    }

    @Test
    void takesTheEndOfARecordThatWasFasterThanThePause() {
      UUID uid = world.register(1);
      Task task = task(onlyJob(world.step()));
      world.setPaused(uid, true);

      world.step(success(task, 10));

      assertThat(world.ended.get(uid).result()).isEqualTo(RegistrationResult.SUCCESS);
    }

    @Test
    void goesOnThoughThePokeWasLost() {
      UUID uid = world.register(1);
      world.setPaused(uid, true);
      assertThat(jobs(world.step())).isEmpty();
      world.setPaused(uid, false);
      assertThat(jobs(world.step())).isEmpty();

      world.lookAgainAtPaused();
      world.step();

      assertThat(jobs(world.step())).hasSize(1);
    }
  }

  @Nested
  class AQuota {

    private final ShardWorld limited = new ShardWorld(100);

    @Test
    void isNotExceededByExactlyAsManyBytes() {
      UUID uid = limited.register(1);

      limited.step(success(task(onlyJob(limited.step())), 100));

      assertThat(limited.ended.get(uid).result()).isEqualTo(RegistrationResult.SUCCESS);
      assertThat(limited.storage).containsEntry("default", 100L);
    }

    @Test
    void endsTheRegistrationThatPassesItAtOnceAndNotTheOthers() {
      UUID one = limited.register(2);
      UUID other = limited.register(2);
      List<FetchJob> jobs = jobs(limited.step());
      Task running = task(of(one, jobs));
      limited.step(report(task(of(other, jobs)), 60));

      Decision decision = limited.step(report(running, 41));

      assertThat(limited.ended.get(one).failureReason()).isEqualTo(FetchResult.QUOTA_EXCEEDED);
      assertThat(limited.ended.get(one).settled()).isEqualTo(2);
      assertThat(limited.ended.get(one).failed()).isEqualTo(2);
      assertThat(limited.outcomes.get(new RecordId(one, running.index())).result())
          .isEqualTo(FetchResult.QUOTA_EXCEEDED);
      assertThat(limited.outcomes).hasSize(1);
      assertThat(decision.control()).contains(new Cancel(one));
      limited.step(success(task(of(other, jobs)), 60));
      assertThat(limited.rows).containsKey(other);
    }

    @Test
    void countsWhatOtherShardsHaveStored() {
      UUID uid = limited.register(1);
      FetchJob job = onlyJob(limited.step());
      limited.storage.merge("default", 95L, Long::sum);
      limited.readStorage();

      limited.step(success(task(job), 6));

      assertThat(limited.ended.get(uid).failureReason()).isEqualTo(FetchResult.QUOTA_EXCEEDED);
    }

    @Test
    void boundsWhatOneRecordMayStoreWhereThatIsLessThanTheDownloadTotal() {
      limited.register(RetryPolicy.DEFAULT, 1_000, gets(1));
      FetchJob first = onlyJob(limited.step());
      assertThat(first.bytesAllowed()).isEqualTo(100);
      assertThat(first.overrun()).isEqualTo(FetchResult.QUOTA_EXCEEDED);

      limited.register(RetryPolicy.DEFAULT, 99, gets(1));
      FetchJob second = onlyJob(limited.step());
      assertThat(second.bytesAllowed()).isEqualTo(99);
      assertThat(second.overrun()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void countsTheBytesOfErrorStatusesAndOfRecordsThatFailed() {
      limited.register(3);
      List<FetchJob> jobs = jobs(limited.step());

      limited.step(
          settled(task(jobs.get(0)), FetchResult.BAD_STATUS, 30),
          settled(task(jobs.get(1)), FetchResult.FETCH_ERROR, 20),
          report(task(jobs.get(2)), 5));

      assertThat(limited.storage).containsEntry("default", 55L);
    }

    @Test
    void getsBackWhatIsThrownAway() {
      limited.register(1);
      Task task = task(onlyJob(limited.step()));
      limited.step(report(task, 80));

      limited.step(broke(task));

      assertThat(limited.storage).containsEntry("default", 0L);
    }

    private static FetchJob of(UUID uid, List<FetchJob> jobs) {
      return jobs.stream().filter(job -> job.uid().equals(uid)).findFirst().orElseThrow();
    }
  }

  @Nested
  class DownloadTotal {

    @Test
    void isExceededByWhatIsKeptThoughTheNewsOfItWasLost() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 13, gets(2));
      List<FetchJob> jobs = jobs(world.step());
      Task first = task(jobs.get(0));
      Task second = task(jobs.get(1));
      world.step(stored(first, 10));

      world.step(new Yielded(WORKER, second, "shutdown", kept(second, 10), 0, 0));

      assertThat(world.ended.get(uid).failureReason())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void countsWhatIsDurableThoughAnotherTaskOfTheAttemptIsBehind() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 30, gets(2));
      List<FetchJob> jobs = jobs(world.step());
      world.step(stored(task(jobs.get(0)), 20));

      world.step(report(jobs.get(0).task("zombie"), 0));

      assertThat(world.rows.get(uid).downloaded()).isEqualTo(20);
      world.step(success(task(jobs.get(1)), 20));
      assertThat(world.ended.get(uid).failureReason())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void namesTheReasonWhateverFailedBefore() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(3));
      List<FetchJob> jobs = jobs(world.step());
      world.step(settled(task(jobs.get(0)), FetchResult.BAD_STATUS, 50));

      world.step(report(task(jobs.get(1)), 51));

      assertThat(world.ended.get(uid).failureReason())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void isExceededByTheStatusThatIsKeptInTheEnd() {
      UUID uid = world.register(new RetryPolicy(1, Set.of(503), false), 5, gets(1));
      Task task = task(onlyJob(world.step()));

      world.step(
          new Broke(
              WORKER,
              task,
              "503",
              null,
              false,
              null,
              0,
              0,
              settled(task, FetchResult.BAD_STATUS, 7)));

      assertThat(world.ended.get(uid).failureReason())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    }

    @Test
    void isNotExceededByAWorkerThatStoppedAtWhatOthersHaveThrownAwaySince() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(2));
      Task first = task(jobs(world.step()).getFirst());
      world.step(report(first, 70));
      world.step(new Yielded(WORKER, new Task(uid, 1, 1, "token"), "moved", null, 0, 0));
      FetchJob second = onlyJob(world.step());
      assertThat(second.bytesAllowed()).isEqualTo(30);
      world.step(broke(first));

      world.step(settled(task(second), FetchResult.DOWNLOAD_TOTAL_EXCEEDED, 31));

      assertThat(world.ended).isEmpty();
      world.now += 3_600_000;
      assertThat(jobs(world.step()))
          .filteredOn(job -> job.index() == 1)
          .extracting(FetchJob::bytesAllowed)
          .containsExactly(100L);
    }

    @Test
    void isExceededByAWorkerThatStoppedAtWhatIsLeft() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(2));
      List<FetchJob> jobs = jobs(world.step());

      world.step(settled(task(jobs.get(1)), FetchResult.DOWNLOAD_TOTAL_EXCEEDED, 100));

      assertThat(world.ended.get(uid).failureReason())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(world.ended.get(uid).settled()).isEqualTo(2);
    }

    @Test
    void isNotExceededByExactlyAsManyBytes() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(2));
      List<FetchJob> jobs = jobs(world.step());

      world.step(success(task(jobs.get(0)), 60), success(task(jobs.get(1)), 40));

      assertThat(world.ended.get(uid).result()).isEqualTo(RegistrationResult.SUCCESS);
    }

    @Test
    void endsTheRegistrationWithTheRecordThatWasTooMuch() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(3));
      List<FetchJob> jobs = jobs(world.step());

      Decision decision =
          world.step(success(task(jobs.get(0)), 60), success(task(jobs.get(1)), 41));

      Decision.Change end = world.ended.get(uid);
      assertThat(end.failureReason()).isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(end.settled()).isEqualTo(3);
      assertThat(end.failed()).isEqualTo(2);
      assertThat(world.outcomes.get(new RecordId(uid, 1)).result())
          .isEqualTo(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
      assertThat(decision.control()).contains(new Cancel(uid));
    }

    @Test
    void boundsWhatOneRecordMayStore() {
      UUID uid = world.register(RetryPolicy.DEFAULT, 100, gets(2));
      List<FetchJob> jobs = jobs(world.step());
      world.step(report(task(jobs.get(0)), 70));
      world.step(broke(task(jobs.get(1))));
      world.now += 10_000;

      assertThat(onlyJob(world.step()).bytesAllowed()).isEqualTo(30);
      assertThat(world.rows.get(uid).downloaded()).isEqualTo(70);
    }
  }
}
