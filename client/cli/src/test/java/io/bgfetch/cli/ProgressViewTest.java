package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong clock = new AtomicLong(1);
  private final AtomicInteger columns = new AtomicInteger(40);
  private final Terminal terminal = new Terminal(true, false, false, columns::get);

  private void pass(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Nested
  class OnATerminal {
    private final ProgressBar bar = new ProgressBar(out, terminal, clock::get);

    @Test
    void redrawsItsLineInPlace() {
      bar.show(States.active(4, 0, 0));
      pass(100);
      bar.show(States.active(4, 1, 0));

      assertThat(printed())
          .isEqualTo(
              "\r  0% -----------------  0/4         0 B\u001b[K"
                  + "\r 25% ####-------------  1/4         0 B\u001b[K");
    }

    @Test
    void redrawsAtMostTenTimesASecond() {
      for (int i = 0; i < 1000; i++) {
        bar.show(States.active(1000, i, i));
        pass(1);
      }

      assertThat(printed().chars().filter(c -> c == '\r')).hasSize(10);
      assertThat(printed()).doesNotContain("\n");
    }

    @Test
    void replacesItselfByTheEndingAtOnce() {
      bar.show(States.active(4, 0, 0));
      bar.show(States.succeeded(4, 60 << 20));
      bar.close();

      assertThat(printed())
          .endsWith(
              "\u001b[K\r\u001b[Kmy-fetch: success, 4 records, 60.0 MiB in 12 s (5.0 MiB/s)"
                  + System.lineSeparator());
    }

    @Test
    void leavesItsLineWhenItIsClosedEarly() {
      bar.show(States.active(4, 0, 0));
      bar.close();
      bar.close();
      bar.show(States.active(4, 1, 0));

      assertThat(printed())
          .isEqualTo("\r  0% -----------------  0/4         0 B\u001b[K" + System.lineSeparator());
    }

    @Test
    void showsARateThatFallsWithoutNews() {
      columns.set(60);
      bar.show(States.active(1, 0, 0));
      pass(1000);
      bar.show(States.active(1, 0, 1024));
      assertThat(printed()).contains("1.0 KiB/s");

      pass(1000);
      bar.tick();

      assertThat(printed()).endsWith("512 B/s\u001b[K");
    }

    @Test
    void fitsIntoAWindowThatWasMadeSmaller() {
      bar.show(States.active(4, 0, 0));
      columns.set(20);
      pass(3000);
      bar.tick();

      assertThat(printed()).endsWith("\r  0% ---------  0/4\u001b[K");
    }
  }

  @Nested
  class ElsewhereThanOnATerminal {
    private final ProgressLines lines = new ProgressLines(out, Terminal.none(), clock::get);

    @Test
    void printsALineNowAndThen() {
      for (int i = 0; i < 50; i++) {
        lines.show(States.active(50, i, i * 1024L));
        pass(100);
      }
      lines.show(States.failed(50, 2, "bad-status"));

      assertThat(printed().lines())
          .containsExactly(
              "my-fetch: 0/50 records, 0 B",
              "my-fetch: 20/50 records, 20.0 KiB, 10.0 KiB/s",
              "my-fetch: 40/50 records, 40.0 KiB, 10.0 KiB/s",
              "my-fetch: failure (bad-status), 48 of 50 records succeeded, 0 B in 0.4 s");
    }

    @Test
    void keepsSilentWhileNothingMoves() {
      lines.show(States.active(50, 1, 1024));
      pass(60_000);
      lines.show(States.active(50, 1, 1024));

      assertThat(printed().lines()).hasSize(1);
    }
  }
}
