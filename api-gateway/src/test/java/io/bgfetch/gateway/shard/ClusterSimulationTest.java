package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole clusters under random schedules and faults: the promises hold in every one of them, and
 * each rule of the protocol is there because they do not without it.
 *
 * <p>{@code -Dsimulation.seed=N} replays one run, {@code -Dsimulation.seeds=N} makes it N runs.
 */
class ClusterSimulationTest {

  private static final int SEEDS = Integer.getInteger("simulation.seeds", 2_000);
  private static final int SEEDS_WITHOUT_A_RULE = 1_000;

  private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
  private int passedOver;

  @Test
  void keepsItsPromisesWhateverFails() {
    Long only = Long.getLong("simulation.seed");
    LongStream seeds = only == null ? LongStream.range(0, SEEDS) : LongStream.of(only);
    seeds.forEach(this::run);
    System.out.println("faults of the simulated clusters: " + struck);
    System.out.println("records that were passed over: " + passedOver);
    assertThat(only != null || struck.keySet().containsAll(EnumSet.allOf(Fault.class))).isTrue();
    assertThat(only != null || passedOver > SEEDS).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void needsEachRule(Rule rule) {
    OptionalLong seed =
        LongStream.range(0, SEEDS_WITHOUT_A_RULE).filter(any -> fails(any, rule)).findFirst();

    assertThat(seed).as("some run without the rule %s breaks a promise", rule).isPresent();
    run(seed.getAsLong(), rule.shownBy());
  }

  @Test
  void replaysARunExactly() {
    for (long seed = 0; seed < 20; seed++) {
      SimulatedCluster once = run(seed);
      SimulatedCluster again = run(seed);

      assertThat(again.trace()).isEqualTo(once.trace());
    }
  }

  private boolean fails(long seed, Rule rule) {
    try {
      new SimulatedCluster(seed, EnumSet.of(rule), rule.shownBy()).run();
      return false;
    } catch (RuntimeException violation) {
      System.out.println(rule + " seed " + seed + ": " + violation);
      return true;
    }
  }

  private SimulatedCluster run(long seed) {
    return run(seed, EnumSet.noneOf(Fault.class));
  }

  private SimulatedCluster run(long seed, Set<Fault> always) {
    SimulatedCluster cluster = new SimulatedCluster(seed, EnumSet.noneOf(Rule.class), always);
    try {
      cluster.run();
    } catch (RuntimeException violation) {
      throw new AssertionError(
          "seed " + seed + " (-Dsimulation.seed=" + seed + "): " + violation, violation);
    }
    passedOver += cluster.store.parked();
    cluster.faults.struck().forEach((fault, times) -> struck.merge(fault, times, Integer::sum));
    return cluster;
  }
}
