package io.bgfetch.worker.lane;

import static io.bgfetch.worker.lane.LanesUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a host gets that gives no sign of life. */
class SilentHostsTest {

  private final LanesUnderTest worker = LanesUnderTest.ofAll(64, 64);

  private int startedAt(String host) {
    return Collections.frequency(worker.startedHosts(), host);
  }

  @Test
  void haveASixteenthOfTheTurnsWhileOthersWait() {
    IntStream.range(0, 64).forEach(n -> worker.enter("alive" + n, 10));
    worker.enter(flow("dead", "other", "other"), 100);

    assertThat(startedAt("dead")).isEqualTo(4);
  }

  @Test
  void leaveTurnsUnusedThatOthersMayWantSoon() {
    worker.answersWell("alive");
    worker.enter("dead", 100);
    assertThat(worker.start()).hasSize(4);

    worker.enter("alive", 100);
    assertThat(startedAt("alive")).isEqualTo(60);
  }

  @Test
  void leaveAQuarterOfTheTurnsToOthersHoweverManyTheyAre() {
    worker.answersWell("alive");
    IntStream.range(0, 200).forEach(n -> worker.enter("dead" + n, 2));
    List<Flow> running = worker.start();
    assertThat(running).hasSize(48);

    worker.enter("alive", 100);
    assertThat(startedAt("alive")).isEqualTo(16);
    worker.lanes().leave(running.getFirst());
    assertThat(worker.start()).hasSize(1);
  }

  @Test
  void thatAreNewComeIntoTheContestWhenOthersEnd() {
    IntStream.range(0, 200).forEach(n -> worker.enter("dead" + n, 2));
    List<Flow> running = worker.start();
    IntStream.range(0, 200).forEach(n -> worker.enter(flow("new" + n, "other", "other"), 1));
    worker.start();

    assertThat(worker.turnOver(running))
        .filteredOn(flow -> flow.tenant().equals("other"))
        .hasSizeBetween(20, 28);
  }

  @Test
  void haveAllThatIsTheirsOnceTheyAnswered() {
    worker.enter("a", 100);
    assertThat(worker.start()).hasSize(4);

    worker.lanes().answered("a");

    assertThat(worker.start()).hasSize(60);
  }

  @Test
  void areNotThoseThatOnlyRefuse() {
    IntStream.range(0, 12).forEach(n -> worker.enter("dead" + n, 4));
    worker.enter(flow("refuses", "other", "other"), 100);
    worker.start();
    worker.lanes().refused("refuses");

    assertThat(worker.start()).hasSize(4).doesNotContain(flow("refuses", "other", "other"));
  }

  @Test
  void areNotThoseThatRefusedBeforeTheirBlock() {
    Flow refusing = flow("refuses", "other", "other");
    worker.enter(refusing, 2);
    assertThat(worker.lanes().next()).contains(refusing);
    worker.lanes().hold("refuses", worker.now() + 1_000);
    worker.lanes().refused("refuses");
    worker.lanes().leave(refusing);
    IntStream.range(0, 200).forEach(n -> worker.enter("dead" + n, 2));
    assertThat(worker.start()).hasSize(48);

    worker.pass(1_000);

    assertThat(worker.start()).containsExactly(refusing);
  }

  @Test
  void haveASixteenthAgainWhenAsManyEndedWithoutAnyAnswer() {
    worker.answersWell("a");
    worker.enter("a", 200);
    worker.start();
    IntStream.range(0, 64).forEach(n -> worker.leave("a"));
    worker.start();

    assertThat(worker.lanes().running()).isEqualTo(4);
  }

  @Test
  void areNotThoseWhoseAnswersTakeLong() {
    worker.enter("a", 200);
    for (int round = 0; round < 50; round++) {
      int running = worker.lanes().running() + worker.start().size();
      IntStream.range(0, running).forEach(n -> worker.lanes().answered("a"));
      IntStream.range(0, Math.min(4, running)).forEach(n -> worker.leave("a"));
    }
    worker.enter("a", 200);

    assertThat(worker.lanes().running() + worker.start().size()).isEqualTo(64);
  }
}
