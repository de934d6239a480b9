package io.bgfetch.worker.lane;

import static io.bgfetch.worker.lane.LanesUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who gets the next turn, told by tenant and registration. */
class FairTurnsTest {

  private static <K> Map<K, Long> count(List<Flow> flows, Function<Flow, K> by) {
    return flows.stream().collect(Collectors.groupingBy(by, Collectors.counting()));
  }

  @Nested
  class OfAWorkerThatIsBusy {

    private final LanesUnderTest worker = LanesUnderTest.ofAll(100, 10);

    /** Each at a host of its own, so that no host is the reason for anything. */
    private void enter(String tenant, String registration, int count) {
      for (int n = 0; n < count; n++) {
        worker.enter(flow(tenant + registration + n, tenant, registration), 1);
      }
    }

    @Test
    void areSharedByTenantsHoweverManyRegistrationsTheyHave() {
      IntStream.range(0, 30).forEach(n -> enter("big", "b" + n, 3));
      enter("small", "s", 30);

      assertThat(count(worker.start(), Flow::tenant))
          .containsOnly(Map.entry("big", 4L), Map.entry("small", 4L));
    }

    @Test
    void areSharedByTheRegistrationsOfATenant() {
      enter("t", "long", 100);
      enter("t", "short", 10);

      assertThat(count(worker.start(), Flow::uid).values()).containsExactly(4L, 4L);
    }

    @Test
    void goToANewcomerFirst() {
      enter("t", "long", 100);
      List<Flow> running = worker.start();
      enter("t", "new", 5);
      Flow newcomer = flow("any", "t", "new");

      assertThat(worker.turnOver(running))
          .extracting(Flow::uid)
          .startsWith(newcomer.uid(), newcomer.uid(), newcomer.uid(), newcomer.uid());
    }

    @Test
    void goToOneAfterTheOtherWhoHaveAsMany() {
      enter("t", "one", 100);
      enter("t", "two", 100);
      List<Flow> running = worker.start();

      assertThat(count(worker.turnOver(running), Flow::uid).values()).containsExactly(4L, 4L);
    }
  }

  @Nested
  class OfAFullHost {

    private final LanesUnderTest worker = LanesUnderTest.ofAll(4, 100);

    @Test
    void areSharedByTenantsHoweverManyRegistrationsTheyHave() {
      IntStream.range(0, 200).forEach(n -> worker.enter(flow("a", "big", "b" + n), 4));
      List<Flow> running = worker.start();
      worker.enter(flow("a", "small", "s"), 20);
      List<Flow> next = worker.turnOver(running);
      List<Flow> further = worker.turnOver(next);

      assertThat(count(next, Flow::tenant)).containsEntry("small", 2L);
      assertThat(count(further, Flow::tenant)).containsEntry("small", 2L);
    }

    @Test
    void areSharedByTheRegistrationsOfATenant() {
      worker.enter(flow("a", "t", "long"), 100);
      List<Flow> running = worker.start();
      worker.enter(flow("a", "t", "short"), 10);

      assertThat(count(worker.turnOver(running), Flow::uid).values()).containsExactly(2L, 2L);
    }

    @Test
    void alsoComeToATenantThatHasMuchRunningElsewhere() {
      IntStream.range(0, 20).forEach(n -> worker.enter(flow("elsewhere" + n, "busy", "b"), 1));
      worker.enter(flow("a", "modest", "m"), 100);
      List<Flow> atHost =
          worker.start().stream().filter(started -> started.host().equals("a")).toList();
      worker.enter(flow("a", "busy", "b"), 10);

      assertThat(count(worker.turnOver(atHost), Flow::tenant)).containsEntry("busy", 2L);
    }

    @Test
    void doNotKeepItsRegistrationsFromOtherHosts() {
      worker.enter(flow("a", "t", "r"), 50);
      worker.start();
      worker.enter(flow("b", "t", "r"), 2);

      assertThat(worker.startedHosts()).containsExactly("b", "b");
    }
  }

  @Test
  void ofABusyWorkerComeToThoseWhoWaitAtAHostBehindOthersThatHadMore() {
    LanesUnderTest worker = LanesUnderTest.ofAll(6, 8);
    IntStream.range(0, 30).forEach(n -> worker.enter(flow("b" + n, "greedy", "g"), 1));
    List<Flow> running = worker.start();
    worker.lanes().hold("a", worker.now() + 1_000);
    worker.enter(flow("a", "greedy", "g"), 3);
    worker.enter(flow("a", "poor", "p"), 3);
    worker.start();
    worker.pass(1_000);

    assertThat(count(worker.turnOver(running), Flow::tenant)).containsKey("poor");
  }
}
