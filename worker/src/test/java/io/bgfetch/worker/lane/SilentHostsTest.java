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
  void haveThreeQuartersOfTheTurnsThatNobodyWants() {
    worker.answersWell("alive");
    worker.enter("dead", 100);
    assertThat(worker.start()).hasSize(48);

    worker.enter("alive", 100);
    assertThat(startedAt("alive")).isEqualTo(16);
  }

  @Test
  void haveThreeQuartersTogether() {
    worker.enter("dead1", 100);
    worker.enter("dead2", 100);

    assertThat(worker.start()).hasSize(48);
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
  void haveTwoMoreWithEachAnswer() {
    IntStream.range(0, 64).forEach(n -> worker.answersWell("alive" + n));
    worker.enter("a", 64);
    IntStream.range(0, 64).forEach(n -> worker.enter(flow("alive" + n, "other", "other"), 1));
    assertThat(startedAt("a")).isEqualTo(4);

    worker.lanes().answered("a");
    worker.lanes().leave(flow("alive0", "other", "other"));
    worker.lanes().leave(flow("alive1", "other", "other"));
    worker.lanes().leave(flow("alive2", "other", "other"));

    assertThat(startedAt("a")).isEqualTo(2);
  }

  @Test
  void haveAllThatIsTheirsOnceTheyAnswered() {
    worker.answersWell("a");
    worker.enter("a", 100);

    assertThat(worker.start()).hasSize(64);
  }

  @Test
  void haveASixteenthAgainWhenAsManyEndedWithoutAnyAnswer() {
    worker.answersWell("a");
    worker.enter("a", 200);
    worker.start();
    IntStream.range(0, 64).forEach(n -> worker.leave("a"));
    worker.enter("b", 100);
    worker.start();

    assertThat(worker.lanes().running()).isEqualTo(48);
    assertThat(worker.lanes().remove(flow("b").uid(), work -> work.host().equals("b")))
        .hasSizeLessThan(100 - 4);
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
