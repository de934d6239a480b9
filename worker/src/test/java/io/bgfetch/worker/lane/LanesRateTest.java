package io.bgfetch.worker.lane;

import static io.bgfetch.worker.lane.LanesUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.lane.HostLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many fetches of a host start in a second. */
class LanesRateTest {

  private static final int TICK_MILLIS = 50;
  private static final int SECOND = 1_000;

  private static LanesUnderTest worker(double rate) {
    return LanesUnderTest.ofAll(new HostLimit(1_000, rate), 1_000);
  }

  private static void startAndEnd(LanesUnderTest worker, List<Long> starts) {
    for (Flow started : worker.start()) {
      starts.add(worker.now());
      worker.lanes().answered(started.host());
      worker.lanes().leave(started);
    }
  }

  private static long mostInASecond(List<Long> starts) {
    return starts.stream()
        .mapToLong(from -> starts.stream().filter(t -> t >= from && t < from + SECOND).count())
        .max()
        .orElse(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3.7, 15, 40, 250})
  void isTheRateAndNoMoreThanABurstAboveIt(double rate) {
    LanesUnderTest worker = worker(rate);
    Random random = new Random(7);
    worker.enter("a", 10_000);
    List<Long> starts = new ArrayList<>();
    long end = worker.now() + 20 * SECOND;
    while (worker.now() < end) {
      startAndEnd(worker, starts);
      worker.pass(1 + random.nextInt(TICK_MILLIS));
    }

    assertThat(mostInASecond(starts)).isLessThanOrEqualTo((long) (rate + Math.max(1, rate / 10)));
    assertThat(starts.size()).isGreaterThanOrEqualTo((int) (20 * rate * 0.94));
  }

  @Test
  void isNotMoreForAHostThatWasIdle() {
    LanesUnderTest worker = worker(40);
    List<Long> starts = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      worker.enter("a", 1);
      startAndEnd(worker, starts);
      worker.lanes().remove(any -> true);
      worker.pass(5);
    }

    assertThat(mostInASecond(starts)).isBetween(38L, 44L);
  }

  @Test
  void beginsWithNothingInLanesThatAreNew() {
    LanesUnderTest worker = LanesUnderTest.ofNone(new HostLimit(100, 40), 100);
    worker.lanes().own(LanesUnderTest.all());
    worker.enter("a", 10);
    assertThat(worker.start()).isEmpty();

    worker.pass(25);
    assertThat(worker.start()).hasSize(1);
  }

  @Test
  void isSharedByTheLanes() {
    LanesUnderTest worker = LanesUnderTest.ofNone(new HostLimit(100, 40), 100);
    worker.lanes().own(Set.of(2));
    worker.enter("a", 100);
    List<Long> starts = new ArrayList<>();
    for (int n = 0; n < 10 * SECOND; n += TICK_MILLIS) {
      worker.pass(TICK_MILLIS);
      startAndEnd(worker, starts);
    }

    assertThat(starts).hasSizeBetween(98, 101);
  }

  @Test
  void isNotDoubledByLanesThatMove() {
    LanesUnderTest one = worker(40);
    LanesUnderTest other = LanesUnderTest.ofNone(new HostLimit(1_000, 40), 1_000);
    other.pass(3_600_000);
    List<Long> starts = new ArrayList<>();
    one.enter("a", 1_000);
    other.enter("a", 1_000);
    for (int n = 0; n < 200; n++) {
      if (n % 7 == 0) {
        boolean moved = n % 2 == 0;
        one.lanes().own(moved ? Set.of(0) : LanesUnderTest.all());
        other.lanes().own(moved ? Set.of(1, 2, 3) : Set.of());
        if (!moved) {
          other.lanes().remove(any -> true);
        } else {
          other.enter(flow("a"), 1_000);
        }
      }
      startAndEnd(one, starts);
      startAndEnd(other, starts);
      one.pass(TICK_MILLIS);
      other.pass(TICK_MILLIS);
    }

    assertThat(mostInASecond(starts)).isBetween(30L, 48L);
  }
}
