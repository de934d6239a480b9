package io.bgfetch.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.lane.HostLimit;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void startsNoMoreThanTheHostMayHave() {
    LanesUnderTest worker = LanesUnderTest.ofAll(3, 100);
    worker.enter("a", 5);

    assertThat(worker.start()).hasSize(3);
    worker.leave("a");
    assertThat(worker.start()).hasSize(1);
    assertThat(worker.lanes().waiting()).isEqualTo(1);
    assertThat(worker.lanes().running()).isEqualTo(3);
  }

  @Test
  void startsNoMoreThanTheWorkerMayHave() {
    LanesUnderTest worker = LanesUnderTest.ofAll(10, 4);
    worker.answersWell("a");
    worker.enter("a", 3);
    worker.enter("b", 3);

    assertThat(worker.start()).hasSize(4);
    worker.leave("a");
    assertThat(worker.start()).hasSize(1);
  }

  @Test
  void startsWhatWaitsOfAFlowInItsOrder() {
    Lanes<Integer> lanes = LanesUnderTest.numbered();
    IntStream.range(0, 3).forEach(n -> lanes.enter(LanesUnderTest.flow("a"), n));

    assertThat(IntStream.range(0, 3).mapToObj(n -> lanes.next().orElseThrow()))
        .containsExactly(0, 1, 2);
  }

  @Test
  void letsHostsTakeTurns() {
    LanesUnderTest worker = LanesUnderTest.ofAll(10, 64);
    worker.answersWell("long");
    worker.answersWell("short");
    worker.enter("long", 100);
    worker.enter("short", 2);

    assertThat(worker.startedHosts().subList(0, 4))
        .containsExactly("long", "short", "long", "short");
  }

  @Test
  void doesNotLetAFullHostHoldUpAnother() {
    LanesUnderTest worker = LanesUnderTest.ofAll(1, 100);
    worker.enter("full", 10);
    worker.start();
    worker.enter("free", 1);

    assertThat(worker.startedHosts()).containsExactly("free");
  }

  @Test
  void takesOutWhatWaitsAndNothingElse() {
    LanesUnderTest worker = LanesUnderTest.ofAll(1, 100);
    worker.enter("a", 3);
    worker.start();

    assertThat(worker.lanes().remove(work -> true)).hasSize(2);
    assertThat(worker.lanes().waiting()).isZero();
    assertThat(worker.lanes().running()).isEqualTo(1);
    worker.leave("a");
    assertThat(worker.start()).isEmpty();
  }

  @Test
  void takesOutWhatWaitsOfOneRegistration() {
    LanesUnderTest worker = LanesUnderTest.ofAll(1, 100);
    Flow one = LanesUnderTest.flow("a", "t", "one");
    Flow other = LanesUnderTest.flow("a", "t", "other");
    worker.enter(other, 3);
    worker.enter(one, 3);
    worker.start();

    assertThat(worker.lanes().remove(one.uid(), work -> true)).containsOnly(one).hasSize(3);
    assertThat(worker.lanes().remove(one.uid(), work -> true)).isEmpty();
    worker.lanes().leave(other);
    assertThat(worker.start()).containsExactly(other);
  }

  @Test
  void knowWhatRuns() {
    LanesUnderTest worker = LanesUnderTest.ofAll(1, 100);
    worker.enter("a", 1);

    assertThatThrownBy(() -> worker.leave("a")).isInstanceOf(IllegalStateException.class);
  }

  @Nested
  class TheSharesOfAllWorkers {

    @Test
    void addUpToTheLimitOfTheHost() {
      int together = 0;
      for (int partition = 0; partition < LanesUnderTest.PARTITIONS; partition++) {
        LanesUnderTest worker = LanesUnderTest.ofNone(HostLimit.ofConcurrency(8), 100);
        worker.lanes().own(Set.of(partition));
        worker.enter("a", 20);
        together += worker.start().size();
      }

      assertThat(together).isEqualTo(8);
    }

    @Test
    void growAndShrinkWithTheirPartitions() {
      LanesUnderTest worker = LanesUnderTest.ofNone(HostLimit.ofConcurrency(8), 100);
      worker.lanes().own(Set.of(0, 1));
      worker.enter("a", 20);
      assertThat(worker.start()).hasSize(4);
      worker.lanes().answered("a");

      worker.lanes().own(LanesUnderTest.all());
      assertThat(worker.start()).hasSize(4);

      worker.lanes().own(Set.of(0));
      worker.leave("a");
      assertThat(worker.start()).isEmpty();
    }

    @Test
    void areGivenUpBeforeTheNextAreKnown() {
      LanesUnderTest worker = LanesUnderTest.ofAll(8, 100);
      worker.enter("a", 20);
      worker.lanes().lose(Set.of(1, 2));

      assertThat(worker.start()).hasSize(4);
    }

    @Test
    void areAtLeastOneForAJobThatIsHere() {
      LanesUnderTest worker = LanesUnderTest.ofNone(HostLimit.ofConcurrency(8), 100);
      worker.enter("a", 3);

      assertThat(worker.start()).hasSize(1);
    }
  }

  @Nested
  class AHold {

    private final LanesUnderTest worker = LanesUnderTest.ofAll(8, 100);

    @Test
    void startsNothingOfItsHostUntilItEnds() {
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.enter("a", 3);
      worker.enter("b", 1);

      assertThat(worker.startedHosts()).containsExactly("b");
      worker.pass(4_999);
      assertThat(worker.lanes().held("a")).isTrue();
      assertThat(worker.start()).isEmpty();
      worker.pass(1);
      assertThat(worker.lanes().held("a")).isFalse();
      assertThat(worker.start()).isNotEmpty();
    }

    @Test
    void isOnlyEverMadeLonger() {
      worker.enter("a", 3);
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.lanes().hold("a", worker.now() + 1_000);

      worker.pass(4_999);
      assertThat(worker.start()).isEmpty();
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.pass(4_999);
      assertThat(worker.start()).isEmpty();
    }

    @Test
    void isFollowedByOneAtATimeUntilTheHostAnswers() {
      worker.answersWell("a");
      worker.enter("a", 20);
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.pass(5_000);

      assertThat(worker.start()).hasSize(1);
      worker.lanes().answered("a");
      assertThat(worker.start()).hasSize(2);
      worker.lanes().answered("a");
      assertThat(worker.start()).hasSize(2);
    }

    @Test
    void isRememberedWhenNothingWaitsForItsHost() {
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.pass(6_000);
      worker.enter("a", 20);

      assertThat(worker.start()).hasSize(1);
    }

    @Test
    void thatIsRepeatedAfterItsEndHasNoEffect() {
      long until = worker.now() + 5_000;
      worker.lanes().hold("a", until);
      worker.pass(5_000);
      worker.enter("a", 20);
      worker.start();
      worker.lanes().answered("a");
      worker.lanes().hold("a", until);

      assertThat(worker.start()).hasSize(2);
    }

    @Test
    void isForgottenFirstWhereTooManyAreHeldAndItEndsFirst() {
      worker.lanes().hold("first", worker.now() + 4_000);
      for (int i = 0; i < Holds.MOST; i++) {
        worker.lanes().hold("h" + i, worker.now() + 5_000);
      }

      assertThat(worker.lanes().held("first")).isFalse();
      assertThat(worker.lanes().held("h0")).isTrue();
    }

    @Test
    void isGivenBackWhatWaitsForItOnceItLastedLong() {
      LanesUnderTest worker = LanesUnderTest.ofAll(4, 16);
      worker.enter("a", 2);
      worker.enter("b", 1);
      worker.lanes().hold("a", worker.now() + 1_500);
      worker.pass(1_000);
      worker.lanes().hold("a", worker.now() + 5_000);
      worker.pass(999);
      assertThat(worker.lanes().removeHeldFor(Duration.ofSeconds(2))).isEmpty();

      worker.pass(1);

      assertThat(worker.lanes().removeHeldFor(Duration.ofSeconds(2)))
          .extracting(Flow::host)
          .containsExactly("a", "a");
      assertThat(worker.lanes().waiting()).isOne();
      assertThat(worker.lanes().heldHosts()).isOne();
    }

    @Test
    void isGivenBackNothingForTheTimeOfAnEarlierOne() {
      LanesUnderTest worker = LanesUnderTest.ofAll(4, 16);
      worker.lanes().hold("a", worker.now() + 1_000);
      worker.pass(3_000);
      worker.lanes().hold("a", worker.now() + 1_000);
      worker.enter("a", 1);

      assertThat(worker.lanes().removeHeldFor(Duration.ofSeconds(2))).isEmpty();
    }
  }
}
