package io.bgfetch.gateway.shard;

import static io.bgfetch.gateway.shard.ShardWorld.WORKER;
import static io.bgfetch.gateway.shard.ShardWorld.getsOf;
import static io.bgfetch.gateway.shard.ShardWorld.jobs;
import static io.bgfetch.gateway.shard.ShardWorld.onlyJob;
import static io.bgfetch.gateway.shard.ShardWorld.success;
import static io.bgfetch.gateway.shard.ShardWorld.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Changed;
import io.bgfetch.message.FetchEvent.Tick;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who gets the slots of a shard's window, and what becomes of those who get none. */
class ReleasingTest {

  private static final String DEAD = "dead.example";
  private static final String LIVE = "live.example";

  /** A window of 128: 64 for one host. */
  private final ShardWorld world = ShardWorld.ofShards(16);

  private UUID register(FetchRequest... list) {
    return world.register(RetryPolicy.DEFAULT, 0, list);
  }

  private static FetchRequest[] times(int times, String... hosts) {
    return getsOf(
        Collections.nCopies(times, List.of(hosts)).stream()
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  private static FetchRequest[] both(FetchRequest[] one, FetchRequest[] other) {
    FetchRequest[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  private static String host(FetchJob job) {
    return LaneLayout.hostOf(job.lane()).replace(":80", "");
  }

  private static List<FetchJob> of(String host, List<FetchJob> jobs) {
    return jobs.stream().filter(job -> host(job).equals(host)).toList();
  }

  /** Everything that is released for this host succeeds at once, until nothing more comes. */
  private List<FetchJob> serve(String host) {
    List<FetchJob> served = new ArrayList<>();
    for (List<FetchJob> next = of(host, world.release()); !next.isEmpty(); ) {
      served.addAll(next);
      FetchEvent[] ends =
          next.stream().map(job -> success(task(job), 1)).toArray(FetchEvent[]::new);
      List<FetchJob> more = new ArrayList<>(jobs(world.step(ends)));
      more.addAll(world.release());
      next = of(host, more);
    }
    return served;
  }

  private void block(String host, long millis) {
    world.blocks.put(host + ":80", new HostBlock(world.now + millis, 1, world.now + 2 * millis));
    world.shard().hearOfBlocks(world.blocks, world.now);
  }

  /** What is released while seconds pass. */
  private List<FetchJob> released(int seconds) {
    List<FetchJob> released = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      released.addAll(jobs(world.tick()));
      released.addAll(world.release());
    }
    return released;
  }

  private List<RecordId> parked() {
    return world.underWay.entrySet().stream()
        .filter(entry -> entry.getValue().parked())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Nested
  class ATenant {

    @Test
    void withOneRegistrationGetsHalfOfTheReleasesBesideOneWithFifty() {
      for (int i = 0; i < 50; i++) {
        world.register("many", "many" + i + ".example", 10_000);
      }
      UUID one = world.register("one", "one.example", 10_000);
      Map<Boolean, Deque<FetchJob>> queues =
          Map.of(true, new ArrayDeque<>(), false, new ArrayDeque<>());
      int[] released = new int[2];

      for (int step = 0; step < 400; step++) {
        List<FetchEvent> ends = new ArrayList<>();
        queues
            .values()
            .forEach(
                queue -> {
                  for (int i = 0; i < 5 && !queue.isEmpty(); i++) {
                    ends.add(success(task(queue.remove()), 1));
                  }
                });
        if (step % 10 == 0) {
          ends.add(new Tick(ShardWorld.OWNER));
        }
        for (FetchJob job : jobs(world.step(ends.toArray(FetchEvent[]::new)))) {
          queues.get(job.uid().equals(one)).add(job);
          released[job.uid().equals(one) ? 1 : 0]++;
        }
      }

      assertThat(released[1]).isBetween(1_900, 2_200);
      assertThat(released[0]).isBetween(1_900, 2_200);
    }

    @Test
    void takesTurnsWithTheOthersWithinAStep() {
      world.register("big", "big.example", 10_000);
      world.register("other", "other.example", 10_000);

      List<FetchJob> first = jobs(world.step());

      assertThat(of("big.example", first)).hasSizeBetween(30, 50);
      assertThat(of("other.example", first)).hasSizeBetween(30, 50);
    }
  }

  @Nested
  class ANewcomer {

    @Test
    void isReleasedAtOnceBesideABigRegistration() {
      world.register("default", "big.example", 100_000);
      world.release();
      UUID small = world.register("default", "small.example", 4);

      assertThat(jobs(world.step())).filteredOn(job -> job.uid().equals(small)).hasSize(4);
    }

    @Test
    void findsRoomOnTheHostOfABigRegistration() {
      world.register("default", "big.example", 100_000);
      List<FetchJob> big = world.release();
      UUID small = world.register("default", "big.example", 10);

      List<FetchJob> next = new ArrayList<>(world.release());
      for (FetchJob job : big.subList(0, 8)) {
        next.addAll(jobs(world.step(success(task(job), 1))));
      }

      assertThat(next).filteredOn(job -> job.uid().equals(small)).hasSize(10);
    }
  }

  @Nested
  class AHost {

    @Test
    void thatNeverAnswersHoldsNoMoreThanHalf() {
      for (int i = 0; i < 20; i++) {
        world.register("tenant-" + i, DEAD, 1_000);
      }

      assertThat(world.release()).hasSize(64);
      assertThat(released(5)).isEmpty();
    }

    @Test
    void thatNeverAnswersHoldsUpNoneOfTheOthersInAList() {
      register(times(500, DEAD, LIVE));

      assertThat(serve(LIVE)).hasSize(500);
      assertThat(parked()).hasSizeBetween(400, 500);
    }

    @Test
    void thatNeverAnswersHoldsUpNoneOfThoseFarBehind() {
      register(both(times(900, DEAD), times(100, LIVE)));

      assertThat(serve(LIVE)).hasSize(100);
      assertThat(parked()).hasSize(900 - 64);
    }

    @Test
    void getsTheRecordsOfAListByAllLanesInTurn() {
      register(times(4_000, LIVE));

      List<FetchJob> served = serve(LIVE);

      assertThat(changesOfLane(served)).isEqualTo(3_999);
      assertThat(served.stream().collect(Collectors.groupingBy(FetchJob::lane)).values())
          .hasSize(8)
          .allSatisfy(ofOneLane -> assertThat(ofOneLane).hasSize(500));
    }

    private static int changesOfLane(List<FetchJob> jobs) {
      int changes = 0;
      for (int i = 1; i < jobs.size(); i++) {
        changes += jobs.get(i).lane().equals(jobs.get(i - 1).lane()) ? 0 : 1;
      }
      return changes;
    }

    @Test
    void thatNeverAnswersIsNotReadAgainAtEachStep() {
      register(times(5_000, DEAD));
      world.release();
      int read = world.read;
      int looked = world.looked;

      for (int i = 0; i < 100; i++) {
        world.step();
      }
      world.ticks(5);

      assertThat(world.read).isEqualTo(read);
      assertThat(world.looked).isEqualTo(looked).isLessThan(3);
    }

    @Test
    void isNotLookedBeyondWhereItIsOneOfVeryMany() {
      String[] hosts = new String[2 * Ahead.MOST_HOSTS];
      Arrays.setAll(hosts, n -> "host" + n + ".example");
      Arrays.stream(hosts).forEach(host -> block(host, 60_000));
      register(times(10, hosts));
      for (int i = 0; i < 10; i++) {
        world.step();
      }
      int looked = world.looked;

      for (int i = 0; i < 100; i++) {
        world.step();
      }

      assertThat(world.looked).isEqualTo(looked);
    }

    @Test
    void isReleasedToAsSoonAsOneOfItsRecordsStarts() {
      register(times(5_000, DEAD));
      List<FetchJob> jobs = world.release();

      world.step(ShardWorld.report(task(jobs.get(0)), 0), ShardWorld.report(task(jobs.get(1)), 0));

      assertThat(world.release()).hasSize(2);
    }

    @Test
    void costsAListOfItsOwnNoMoreReadingThanThereAreRecords() {
      register(times(3_000, LIVE));

      assertThat(serve(LIVE)).hasSize(3_000);

      assertThat(world.read).isLessThan(3_300);
      assertThat(world.looked).isLessThan(10);
    }
  }

  @Nested
  class ARecordThatIsPassedOver {

    @Test
    void isReleasedAsItsFirstAttemptOnceItsHostHasRoom() {
      UUID uid = register(times(100, DEAD, LIVE));
      serve(LIVE);
      List<RecordId> parked = parked();
      assertThat(parked).isNotEmpty();

      // the host comes to life
      for (int i = 0; i < 200 && world.rows.containsKey(uid); i++) {
        world.step(tasks(uid).stream().map(job -> success(job, 1)).toArray(FetchEvent[]::new));
      }

      assertThat(world.ended.get(uid).succeeded()).isEqualTo(200);
      assertThat(world.outcomes.values()).extracting(Outcome::attempts).containsOnly(1);
      assertThat(world.underWay).isEmpty();
    }

    @Test
    void isReleasedOnceByTheNextOwnerToo() {
      UUID uid = register(times(100, DEAD, LIVE));
      serve(LIVE);
      int parked = parked().size();

      world.takeOverAnew();

      assertThat(parked()).hasSize(parked);
      for (int i = 0; i < 200 && world.rows.containsKey(uid); i++) {
        world.step(tasks(uid).stream().map(job -> success(job, 1)).toArray(FetchEvent[]::new));
      }
      assertThat(world.ended.get(uid).succeeded()).isEqualTo(200);
      assertThat(world.miscounted()).isEmpty();
    }

    /** What a worker would have been given: released and not ended. */
    private List<Task> tasks(UUID uid) {
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < world.rows.get(uid).dispatched(); i++) {
        UnderWay state = world.underWay.get(new RecordId(uid, i));
        if (!world.outcomes.containsKey(new RecordId(uid, i))
            && (state == null || !state.waiting())) {
          tasks.add(new Task(uid, i, 1, "token"));
        }
      }
      return tasks;
    }

    @Test
    void staysInTheListWhereNothingBehindItIsReleased() {
      UUID uid = register(both(times(1, LIVE), times(500, DEAD)));

      world.release();
      world.ticks(3);

      assertThat(parked()).isEmpty();
      assertThat(world.rows.get(uid).dispatched()).isEqualTo(44);
    }

    @Test
    void isOneOfAThousandAtMost() {
      block(DEAD, 60_000);
      UUID uid = register(times(3_000, DEAD, LIVE));

      assertThat(serve(LIVE)).hasSize(Dispatcher.MOST_PARKED);

      assertThat(parked()).hasSize(Dispatcher.MOST_PARKED);
      assertThat(world.rows.get(uid).dispatched()).isEqualTo(2 * Dispatcher.MOST_PARKED);
    }

    @Test
    void isOneOfEightThousandOfTheShardAtMost() {
      block(DEAD, 60_000);
      for (int i = 0; i < 10; i++) {
        register(times(1_500, DEAD, LIVE));
      }

      serve(LIVE);

      assertThat(parked()).hasSize(Dispatcher.MOST_PARKED_IN_ALL);
    }

    @Test
    void goesOnWhenThereIsRoomToParkAgain() {
      block(DEAD, 60_000);
      UUID uid = register(times(1_200, DEAD, LIVE));
      serve(LIVE);
      world.now += 60_000;
      world.ticks(1);

      for (int i = 0; i < 2_000 && world.rows.containsKey(uid); i++) {
        world.step(tasks(uid).stream().map(job -> success(job, 1)).toArray(FetchEvent[]::new));
      }

      assertThat(world.ended.get(uid).succeeded()).isEqualTo(2_400);
    }

    @Test
    void waitsWhileItsRegistrationIsPaused() {
      block(DEAD, 1_000);
      UUID uid = register(getsOf(DEAD, LIVE));
      serve(LIVE);
      world.setPaused(uid, true);
      world.step(new Changed(uid));

      assertThat(released(5)).isEmpty();

      world.setPaused(uid, false);
      world.step(new Changed(uid));
      assertThat(parked()).isEmpty();
    }

    @Test
    void isForgottenWithItsRegistration() {
      block(DEAD, 60_000);
      UUID uid = register(times(900, DEAD, LIVE));
      serve(LIVE);
      world.abort(uid);
      world.step(new Changed(uid));

      for (int i = 0; i < 9; i++) {
        register(times(900, DEAD, LIVE));
        assertThat(serve(LIVE)).hasSize(900);
      }
    }
  }

  @Nested
  class ABlockedHost {

    @Test
    void isReleasedNothingToUntilTheBlockEnds() {
      block(LIVE, 5_000);
      UUID uid = register(times(10, LIVE));

      assertThat(world.release()).isEmpty();
      assertThat(released(4)).isEmpty();
      released(2);

      assertThat(world.rows.get(uid).dispatched()).isEqualTo(10);
    }

    @Test
    void makesThoseWaitThatAreTriedAgain() {
      register(getsOf(LIVE));
      FetchJob job = onlyJob(world.step());
      block(LIVE, 60_000);

      world.step(new Broke(WORKER, task(job), "429", null, false, null, 0, 0, null));

      UnderWay waiting = world.underWay.get(new RecordId(job.uid(), job.index()));
      assertThat(waiting.nextTry()).isEqualTo(world.now + 60_000);
    }

    @Test
    void makesThoseWaitThatAreGivenBack() {
      register(getsOf(LIVE));
      FetchJob job = onlyJob(world.step());
      block(LIVE, 60_000);

      world.step(new Yielded(WORKER, task(job), "blocked", null, 0, 0));

      assertThat(released(58)).isEmpty();
      assertThat(released(3)).extracting(FetchJob::attempt).containsExactly(2);
    }

    @Test
    void makesThoseWaitThatArePassedOver() {
      block(DEAD, 60_000);
      UUID uid = register(getsOf(DEAD, LIVE));
      serve(LIVE);

      assertThat(world.underWay.get(new RecordId(uid, 0)).nextTry()).isEqualTo(world.now + 60_000);
      assertThat(world.hosts).containsEntry(new RecordId(uid, 0), DEAD + ":80");
    }
  }

  @Nested
  class ThoseThatWait {

    @Test
    void areReleasedOnlyWhileTheirHostHasRoom() {
      UUID uid = register(times(10, DEAD));
      List<FetchJob> jobs = world.release();
      block(DEAD, 5_000);
      world.step(
          jobs.stream()
              .map(job -> new Yielded(WORKER, task(job), "moved", null, 0, 0))
              .toArray(FetchEvent[]::new));
      world.blocks.clear();
      world.shard().hearOfBlocks(world.blocks, world.now);
      for (int other = 0; other < 64; other++) {
        world.register("other-" + other, DEAD, 1);
      }
      List<FetchJob> others = world.release();

      assertThat(released(10)).isEmpty();
      List<FetchJob> next = new ArrayList<>();
      others.forEach(job -> next.addAll(jobs(world.step(success(task(job), 1)))));

      assertThat(next).filteredOn(job -> job.uid().equals(uid)).hasSize(10);
    }

    @Test
    void areNotLookedForWhereTheirRegistrationHasHadItsShare() {
      UUID greedy = register(times(2_000, DEAD, "slow.example"));
      assertThat(world.release()).isNotEmpty();

      assertThat(world.shard().withoutRoom().registrations()).containsExactly(greedy);
      UUID other = world.register("other", LIVE, 1);
      world.step();
      assertThat(world.shard().withoutRoom().registrations()).doesNotContain(other);
    }

    @Test
    void leaveTheirHostToOthersAsWell() {
      block(DEAD, 5_000);
      UUID big = register(times(200, DEAD, LIVE));
      serve(LIVE);
      world.ticks(10);
      List<FetchJob> first = world.release();
      UUID small = world.register("default", DEAD, 5);

      List<FetchJob> next = new ArrayList<>(world.release());
      for (int index = 0; index < 40; index += 2) {
        next.addAll(jobs(world.step(success(new Task(big, index, 1, "token"), 1))));
      }

      assertThat(first).isEmpty();
      assertThat(next).filteredOn(job -> job.uid().equals(small)).hasSize(5);
      assertThat(next).filteredOn(job -> job.uid().equals(big)).hasSizeGreaterThan(5);
    }

    @Test
    void areReadForAnyHostWhereTheirRowDoesNotSayWhichAndWrittenWithItThen() {
      register(getsOf(DEAD));
      FetchJob job = onlyJob(world.step());
      RecordId id = new RecordId(job.uid(), job.index());
      world.step(new Yielded(WORKER, task(job), "moved", null, 0, 0));
      world.underWay.put(id, UnderWay.FIRST_ATTEMPT.waitingGivenBack(world.now, false));
      world.hosts.remove(id);
      block(DEAD, 60_000);

      world.step();

      assertThat(world.hosts).containsEntry(id, DEAD + ":80");
      assertThat(world.underWay.get(id).waiting()).isTrue();
    }
  }
}
