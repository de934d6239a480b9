package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.gets;
import static io.bgfetch.gateway.shard.ShardWorld.jobs;
import static io.bgfetch.gateway.shard.ShardWorld.onlyJob;
import static io.bgfetch.gateway.shard.ShardWorld.post;
import static io.bgfetch.gateway.shard.ShardWorld.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.ControlMessage.Blocked;
import io.bgfetch.message.ControlMessage.Granted;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a shard makes of hosts that say that they are asked too much. */
class ShardBlocksTest {

  private static final String HOST = "origin.example:80";

  private final ShardWorld world = new ShardWorld();

  private Refused refused(Task task, @Nullable Long retryAfter) {
    return new Refused(WORKER, task, HOST, 503, retryAfter, world.now);
  }

  private static Settled answered(Task task, int status) {
    RecordResponse head =
        new RecordResponse("http://origin.example/0", false, status, "", Map.of());
    return new Settled(WORKER, task, FetchResult.BAD_STATUS, null, head, null, null, 0, 0);
  }

  /** Once Postgres has been looked at, which tells how late it is. */
  private List<FetchJob> releasedNow() {
    world.readStorage();
    return jobs(world.step());
  }

  @Nested
  class ARefusal {

    @Test
    void blocksTheHostForAllShardsAndTellsTheWorkersOnceThatIsCommitted() {
      world.register(2);
      Task task = task(jobs(world.step()).getFirst());

      Decision decision = world.step(refused(task, 2_000L));

      assertThat(world.blocks.get(HOST).until()).isEqualTo(world.now + 2_000);
      assertThat(decision.control())
          .containsExactly(new Blocked(List.of(new Block(HOST, world.now + 2_000))));
    }

    @Test
    void countsThoughItsTaskIsNotCurrentAnyMore() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      Task stale = new Task(task.uid(), task.index(), 7, "another");

      world.step(refused(stale, 2_000L));

      assertThat(world.blocks).containsOnlyKeys(HOST);
    }

    @Test
    void countsThoughItsRegistrationHasEnded() {
      world.register(1);
      Task task = task(onlyJob(world.step()));
      world.step(answered(task, 404));

      world.step(refused(task, 2_000L));

      assertThat(world.blocks).containsOnlyKeys(HOST);
    }

    @Test
    void isNotHeldAgainstAHostThatAnswersOthersWell() {
      world.register(4);
      List<FetchJob> jobs = jobs(world.step());

      world.step(refused(task(jobs.get(0)), null), refused(task(jobs.get(1)), null));
      world.step(answered(task(jobs.get(2)), 404));
      world.step(refused(task(jobs.get(3)), null));

      assertThat(world.blocks).isEmpty();
    }

    @Test
    void changesNothingForTheRecord() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      Decision decision = world.step(refused(task, 2_000L));

      assertThat(decision.outcomes()).isEmpty();
      assertThat(decision.changes()).isEmpty();
    }
  }

  @Nested
  class ABlock {

    @Test
    void letsNothingOfItsHostBeReleasedUntilItEnds() {
      world.register(1);
      world.step(refused(task(onlyJob(world.step())), 2_000L));
      world.register(3);

      assertThat(jobs(world.step())).isEmpty();
      world.now += 1_999;
      assertThat(jobs(world.step())).isEmpty();
      world.now += 1;
      assertThat(releasedNow()).isNotEmpty();
    }

    @Test
    void isKnownToWhoTakesTheShardOver() {
      world.register(2);
      Task task = task(jobs(world.step()).getFirst());
      world.step(refused(task, 0L));
      world.takeOverAnew();

      world.now = world.blocks.get(HOST).until();
      world.tick();
      world.step(refused(task, 0L));

      assertThat(world.blocks.get(HOST).level()).isEqualTo(2);
    }
  }

  @Nested
  class APermission {

    @Test
    void toAskABlockedHostIsNotGivenButTheBlockIsTold() {
      world.register(2);
      List<FetchJob> jobs = jobs(world.step());
      world.step(refused(task(jobs.get(0)), 2_000L));

      Decision decision = world.step(new Asked(WORKER, task(jobs.get(1))));

      assertThat(decision.control())
          .containsExactly(new Blocked(List.of(new Block(HOST, world.now + 2_000))));
    }

    @Test
    void isNotSpentOnARequestThatCannotBeSent() {
      world.register(RetryPolicy.DEFAULT, 0, post(), post());
      List<FetchJob> jobs = jobs(world.step());
      world.step(refused(task(jobs.get(0)), 2_000L));
      world.step(new Asked(WORKER, task(jobs.get(1))));
      world.step(new Yielded(WORKER, task(jobs.get(1)), "blocked", null, 0, 0, world.now + 2_000));

      world.now += 2_000;
      Task again = onlyJob(world.tick()).task("again");

      assertThat(world.step(new Asked(WORKER, again)).control())
          .containsExactly(new Granted(again, world.now));
    }

    @Test
    void thatATaskHadBeforeTheBlockIsAnsweredTheSameAgain() {
      world.register(RetryPolicy.DEFAULT, 0, post(), post());
      List<FetchJob> jobs = jobs(world.step());
      Task granted = task(jobs.get(1));
      world.step(new Asked(WORKER, granted));
      world.step(refused(task(jobs.get(0)), 2_000L));

      assertThat(world.step(new Asked(WORKER, granted)).control())
          .containsExactly(new Granted(granted, world.now));
    }
  }

  @Nested
  class ARecordThatIsTriedAgain {

    @Test
    void waitsAtLeastUntilItsHostIsNotBlockedAnyMore() {
      world.register(new RetryPolicy(3, Set.of(503), false), 0, gets(1));
      Task task = task(onlyJob(world.step()));
      Settled last = answered(task, 503);

      world.step(
          refused(task, 20_000L),
          new Broke(WORKER, task, "status 503", null, false, 20_000L, 0, 0, last));

      world.now += 19_999;
      assertThat(releasedNow()).isEmpty();
      world.now += 1;
      assertThat(releasedNow()).extracting(FetchJob::attempt).containsExactly(2);
    }
  }

  @Nested
  class AJobGivenBackForAHostOfARedirect {

    @Test
    void waitsUntilThatHostIsNotBlockedAnyMore() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      world.step(new Yielded(WORKER, task, "blocked", null, 0, 0, world.now + 5_000));

      world.now += 4_999;
      assertThat(jobs(world.step())).isEmpty();
      world.now += 1;
      assertThat(onlyJob(world.step()).attempt()).isEqualTo(2);
    }

    @Test
    void neverWaitsLongerThanTheCap() {
      world.register(1);
      Task task = task(onlyJob(world.step()));

      world.step(new Yielded(WORKER, task, "blocked", null, 0, 0, Long.MAX_VALUE));

      world.now += 5 * 60_000;
      assertThat(jobs(world.step())).hasSize(1);
    }
  }
}
