package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a cluster shares itself out, in simulated time. {@code -Dfairness.seed=n} tries other random
 * numbers.
 */
class FairnessTest {

  private static final long SEED = Long.getLong("fairness.seed", 1);
  private static final int BIG = 100_000;
  private static final int SMALL = 10;

  /** When things that were registered at the beginning have found their pace. */
  private static final double STEADY = 4;

  private static final TimedHost FAST = TimedHost.taking("fast.example", 1);
  private static final TimedHost FAST_TOO = TimedHost.taking("fast-too.example", 1);
  private static final TimedHost MEDIUM = TimedHost.taking("medium.example", 50);
  private static final TimedHost SLOW = TimedHost.taking("slow.example", 1_000);
  private static final TimedHost VERY_SLOW = TimedHost.taking("very-slow.example", 10_000);
  private static final TimedHost DEAD = TimedHost.dead("dead.example");
  private static final TimedHost[] MANY =
      hosts(i -> TimedHost.taking("many-" + i + ".example", 200));

  private static TimedHost[] hosts(IntFunction<TimedHost> host) {
    return IntStream.range(0, 20).mapToObj(host).toArray(TimedHost[]::new);
  }

  /** What a cluster is busy with. */
  private record Load(String name, Consumer<TimedCluster> begin) {

    static Load one(int shard, String tenant, TimedHost... hosts) {
      return new Load(
          "one at " + named(hosts), cluster -> cluster.register(shard, tenant, BIG, hosts));
    }

    static Load onAllShards(String tenant, TimedHost... hosts) {
      return new Load(
          "one a shard at " + named(hosts),
          cluster -> {
            for (int shard = 0; shard < TimedCluster.SHARDS; shard++) {
              cluster.register(shard, tenant, BIG, hosts);
            }
          });
    }

    Load and(Load other) {
      return new Load(name + " and " + other.name, begin.andThen(other.begin));
    }

    private static String named(TimedHost... hosts) {
      return hosts.length == 1 ? hosts[0].name() : hosts.length + " like " + hosts[0].name();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static TimedCluster busyWith(Load load, int workers) {
    TimedCluster cluster = new TimedCluster(SEED, workers);
    cluster.time.runUntil(1);
    load.begin().accept(cluster);
    return cluster;
  }

  @Nested
  class ASmallRegistration {

    private static final double PATIENCE = 10;

    static Stream<Load> loads() {
      return Stream.concat(
          Stream.of(FAST, MEDIUM, SLOW, VERY_SLOW)
              .flatMap(host -> Stream.of(Load.one(0, "big", host), Load.onAllShards("big", host))),
          Stream.of(Load.onAllShards("big", MANY), Load.onAllShards("big", DEAD)));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void endsWithinTwiceItsTimeOnAnIdleClusterAndASecond(Load load) {
      for (int workers : List.of(1, 3)) {
        TimedCluster cluster = busyWith(load, workers);
        cluster.time.runUntil(3);
        for (TimedHost host : List.of(FAST, FAST_TOO, SLOW)) {
          double idle = average(newcomers(new TimedCluster(SEED, workers), 3, "any", host));
          for (String tenant : tenantsAt(host, load)) {
            assertThat(newcomers(cluster, 2, tenant, host))
                .as("%s at %s, alone %.2f s, workers: %d", tenant, host.name(), idle, workers)
                .allMatch(seconds -> seconds <= 2 * idle + 1);
          }
        }
      }
    }

    /**
     * Where one tenant has 16 big ones at a host that is slow, a seventeenth of it has its fair
     * part of the turns there, which is a few: only another tenant is promised more.
     */
    private List<String> tenantsAt(TimedHost host, Load load) {
      boolean crowded = host == SLOW && load.name.equals(Load.onAllShards("big", SLOW).name);
      return crowded ? List.of("small") : List.of("big", "small");
    }

    /** What some registrations took that came one after the other, at random moments. */
    private List<Double> newcomers(TimedCluster cluster, int count, String tenant, TimedHost host) {
      double now = cluster.time.seconds();
      List<Double> took = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        now += cluster.random.nextDouble() / 2;
        cluster.time.runUntil(now);
        TimedRegistration one = cluster.register(tenant, SMALL, host);
        for (double end = now + PATIENCE; one.active() && now < end; now += 0.01) {
          cluster.time.runUntil(now);
        }
        took.add(one.took());
      }
      return took;
    }

    private double average(List<Double> all) {
      return all.stream().mapToDouble(one -> one).average().orElseThrow();
    }
  }

  @Nested
  class AHostThatNeverAnswers {

    private static final double UNTIL = 8;

    /** Who is not to notice, beside whom. */
    private record Beside(Load others, Load withDead, TimedHost... hosts) {
      @Override
      public String toString() {
        return withDead.toString();
      }
    }

    static Stream<Beside> besides() {
      return Stream.of(FAST, MEDIUM, SLOW)
          .flatMap(
              host -> {
                Load one = Load.one(0, "others", host);
                Load onAll = Load.onAllShards("others", host);
                TimedHost[] mixed = nineOfTen(host);
                return Stream.of(
                    new Beside(one, one.and(Load.one(0, "others", DEAD)), host),
                    new Beside(one, one.and(Load.one(0, "dead", DEAD)), host),
                    new Beside(one, one.and(Load.onAllShards("dead", DEAD)), host),
                    new Beside(onAll, onAll.and(Load.onAllShards("dead", DEAD)), host),
                    new Beside(onAll, Load.onAllShards("others", mixed), host));
              });
    }

    private static TimedHost[] nineOfTen(TimedHost host) {
      TimedHost[] mixed = new TimedHost[10];
      Arrays.fill(mixed, host);
      mixed[9] = DEAD;
      return mixed;
    }

    @ParameterizedTest
    @MethodSource("besides")
    void slowsTheOthersByLessThanATenth(Beside beside) {
      int without = ended(busyWith(beside.others, 2), beside.hosts);
      int with = ended(busyWith(beside.withDead, 2), beside.hosts);

      assertThat(with).as("of %d", without).isGreaterThan(without * 9 / 10);
    }

    private int ended(TimedCluster cluster, TimedHost... hosts) {
      cluster.time.runUntil(UNTIL);
      return Stream.of(hosts).mapToInt(cluster::endedOf).sum();
    }
  }

  @Nested
  class Tenants {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shareEquallyWhateverTheyHaveRegistered(int workers) {
      for (TimedHost host : List.of(FAST, MEDIUM, SLOW)) {
        TimedCluster cluster = new TimedCluster(SEED, workers);
        for (int i = 0; i < 50; i++) {
          cluster.register("many", BIG, host);
        }
        cluster.register("one", BIG, host);
        cluster.time.runUntil(STEADY);
        int before = cluster.endedOf("one");
        int beforeOfAll = before + cluster.endedOf("many");
        cluster.time.runUntil(STEADY + (host == FAST ? 3 : 20));
        double part =
            (double) (cluster.endedOf("one") - before)
                / (cluster.endedOf("one") + cluster.endedOf("many") - beforeOfAll);

        // where a host starts few a second, one shard releases less at a time than all of them
        assertThat(part).as(host.name()).isBetween(host == SLOW ? 0.3 : 0.4, 0.6);
      }
    }
  }

  @Nested
  class ARegistrationThatIsAlone {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void getsAllThatItsHostAndTheWorkersCanDo(int workers) {
      for (TimedHost host : List.of(FAST, MEDIUM, SLOW)) {
        double most =
            Math.min(
                TimedCluster.FETCHES_PER_SECOND,
                TimedCluster.HOST_CONCURRENCY * 1e6 / host.micros());
        TimedCluster cluster = busyWith(Load.one(0, "alone", host), workers);
        cluster.time.runUntil(STEADY);
        int before = cluster.endedOf(host);
        cluster.time.runUntil(STEADY + 5);

        assertThat((cluster.endedOf(host) - before) / 5.0).isGreaterThan(0.9 * most);
      }
    }
  }

  @Test
  void theQueueIsAboutASecondDeep() {
    TimedCluster cluster = busyWith(Load.onAllShards("busy", FAST), 2);
    for (int tenths = 0; tenths <= 50; tenths++) {
      cluster.time.runUntil(STEADY + tenths / 10.0);

      assertThat((double) cluster.queued() / TimedCluster.FETCHES_PER_SECOND).isBetween(0.25, 2.0);
    }
  }
}
