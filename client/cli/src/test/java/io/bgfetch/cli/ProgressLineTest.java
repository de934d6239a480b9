package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.RegistrationState;
import io.bgfetch.client.RegistrationState.RecordCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
  private static final long MIB = 1 << 20;
  private static final Terminal PLAIN = new Terminal(true, false, true, () -> 100);
  private static final Terminal ASCII = new Terminal(true, false, false, () -> 100);
  private static final Terminal COLOUR = new Terminal(true, true, true, () -> 100);
  private static final RegistrationState HALF =
      States.of(new RecordCounts(40, 12, 11, 1), 30 * MIB, 60 * MIB);

  private final ProgressLine line = new ProgressLine(PLAIN);

  @Test
  void showsEverythingWhereThereIsRoom() {
    assertThat(line.render(HALF, 2.5 * MIB, 1, 119))
        .isEqualTo(
            " 50% ━━━━━━━━━━━━━━━━━━━━────────────────────"
                + "  12/40  1 failed      30.0 MiB/60.0 MiB     2.5 MiB/s  0:12 left");
  }

  @Test
  void leavesOutWhatMattersLeastWhereThereIsNot() {
    assertThat(line.render(HALF, 2.5 * MIB, 1, 70))
        .isEqualTo(" 50% ━━━━━──────  12/40  1 failed      30.0 MiB/60.0 MiB     2.5 MiB/s");
    assertThat(line.render(HALF, 2.5 * MIB, 1, 60))
        .isEqualTo(" 50% ━━━━━━━────────  12/40  1 failed      30.0 MiB/60.0 MiB");
    assertThat(line.render(HALF, 2.5 * MIB, 1, 40))
        .isEqualTo(" 50% ━━━━━━━━━─────────  12/40  1 failed");
    assertThat(line.render(HALF, 2.5 * MIB, 1, 20)).isEqualTo(" 50% ━━━━────  12/40");
    assertThat(line.render(HALF, 2.5 * MIB, 1, 4)).isEqualTo(" 50%");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 11, 12, 13, 20, 37, 38, 60, 79, 80, 99, 120, 300})
  void isNeverWiderThanItMayBe(int columns) {
    assertThat(line.render(HALF, 1e9, 1, columns).length()).isLessThanOrEqualTo(columns);
  }

  @Test
  void goesByRecordsWhereNoBytesWereDeclared() {
    assertThat(line.render(States.active(200, 50, 3 * MIB), MIB, 10, 90))
        .isEqualTo(
            " 25% ━━━━━━━━━──────────────────────────────"
                + "   50/200     3.0 MiB     1.0 MiB/s  0:15 left");
  }

  @Test
  void tellsWhatWasSentAsLongAsNothingComes() {
    assertThat(ProgressLine.bytes(States.uploading(MIB, 3 * MIB)))
        .isEqualTo("sent 1.0 MiB/3.0 MiB");
    assertThat(ProgressLine.bytes(States.uploading(3 * MIB, 3 * MIB))).isEqualTo("0 B");
  }

  @Test
  void isWholeOnlyAtTheEnd() {
    assertThat(ProgressLine.share(States.of(new RecordCounts(1, 0, 0, 0), 100, 100)))
        .isEqualTo(0.99);
    assertThat(ProgressLine.share(States.active(0, 0, 0))).isZero();
    assertThat(ProgressLine.share(States.succeeded(4, 1))).isEqualTo(1);
  }

  @Test
  void managesWithAsciiAndNoRate() {
    assertThat(new ProgressLine(ASCII).render(States.active(4, 1, 0), 0, 0, 50))
        .isEqualTo(" 25% ###---------  1/4         0 B         0 B/s");
  }

  @Test
  void coloursWithoutCountingTheColours() {
    String plain = line.render(HALF, 1e6, 1, 80).replace('─', '━');
    String coloured = new ProgressLine(COLOUR).render(HALF, 1e6, 1, 80);

    assertThat(coloured).contains("\u001b[31m1 failed\u001b[0m", "\u001b[32m━━━━");
    assertThat(coloured.replaceAll("\u001b\\[\\d*m", "")).isEqualTo(plain);
  }
}
