package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.jobs;
import static io.bgfetch.gateway.shard.ShardWorld.onlyJob;
import static io.bgfetch.gateway.shard.ShardWorld.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.ControlMessage.Blocked;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.List;
import java.util.Map;
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
