package io.bgfetch.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static final int PARTITIONS = 4;
  private static final LaneLayout LAYOUT = new LaneLayout(PARTITIONS);

  private static Lanes<String> lanes(int hostConcurrency, int concurrency, Set<Integer> owned) {
    Lanes<String> lanes =
        new Lanes<>(
            new Limits(
                LAYOUT, HostLimits.same(HostLimit.ofConcurrency(hostConcurrency)), concurrency));
    lanes.own(owned);
    return lanes;
  }

  private static Set<Integer> all() {
    return IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
  }

  private static void enter(Lanes<String> lanes, String host, int count) {
    IntStream.range(0, count).forEach(n -> lanes.enter(host, host + n));
  }

  private static List<String> startAll(Lanes<String> lanes) {
    List<String> started = new ArrayList<>();
    for (Optional<String> next = lanes.next(); next.isPresent(); next = lanes.next()) {
      started.add(next.get());
    }
    return started;
  }

  @Test
  void startsNoMoreThanTheHostMayHave() {
    Lanes<String> lanes = lanes(3, 100, all());
    enter(lanes, "a", 5);

    assertThat(startAll(lanes)).containsExactly("a0", "a1", "a2");
    lanes.leave("a");
    assertThat(startAll(lanes)).containsExactly("a3");
    assertThat(lanes.waiting()).isEqualTo(1);
    assertThat(lanes.running()).isEqualTo(3);
  }

  @Test
  void startsNoMoreThanTheWorkerMayHave() {
    Lanes<String> lanes = lanes(10, 4, all());
    enter(lanes, "a", 3);
    enter(lanes, "b", 3);

    assertThat(startAll(lanes)).hasSize(4);
    lanes.leave("a");
    assertThat(startAll(lanes)).hasSize(1);
  }

  @Test
  void letsHostsTakeTurns() {
    Lanes<String> lanes = lanes(10, 4, all());
    enter(lanes, "long", 100);
    enter(lanes, "short", 2);

    assertThat(startAll(lanes)).containsExactly("long0", "short0", "long1", "short1");
  }

  @Test
  void doesNotLetAFullHostHoldUpAnother() {
    Lanes<String> lanes = lanes(1, 100, all());
    enter(lanes, "full", 10);
    startAll(lanes);
    enter(lanes, "free", 1);

    assertThat(startAll(lanes)).containsExactly("free0");
  }

  @Test
  void takesOutWhatWaitsAndNothingElse() {
    Lanes<String> lanes = lanes(1, 100, all());
    enter(lanes, "a", 3);
    startAll(lanes);

    assertThat(lanes.remove(work -> true)).containsExactly("a1", "a2");
    assertThat(lanes.waiting()).isZero();
    assertThat(lanes.running()).isEqualTo(1);
    lanes.leave("a");
    assertThat(startAll(lanes)).isEmpty();
  }

  @Nested
  class TheSharesOfAllWorkers {

    @Test
    void addUpToTheLimitOfTheHost() {
      int together = 0;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        Lanes<String> lanes = lanes(8, 100, Set.of(partition));
        enter(lanes, "a", 20);
        together += startAll(lanes).size();
      }

      assertThat(together).isEqualTo(8);
    }

    @Test
    void growAndShrinkWithTheirPartitions() {
      Lanes<String> lanes = lanes(8, 100, Set.of(0, 1));
      enter(lanes, "a", 20);
      assertThat(startAll(lanes)).hasSize(4);

      lanes.own(all());
      assertThat(startAll(lanes)).hasSize(4);

      lanes.own(Set.of(0));
      lanes.leave("a");
      assertThat(startAll(lanes)).isEmpty();
    }

    @Test
    void areAtLeastOneForAJobThatIsHere() {
      Lanes<String> lanes = lanes(8, 100, Set.of());
      enter(lanes, "a", 3);

      assertThat(startAll(lanes)).hasSize(1);
    }
  }
}
