package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Ends the processes of a crew one after the other, each once its successor is there. */
record RollingRestart(Crew crew) {
  /** Every process that is told to end does so in this time. */
  private static final Duration END = Duration.ofSeconds(15);

  /** What one says that could not give back everything. */
  private static final String UNCLEAN = "not stopped cleanly";

  private static final int ENDED_BY_TERM = 128 + 15;

  /** The longest time that one of them took from the signal to its end. */
  Duration run() throws InterruptedException {
    Duration longest = Duration.ZERO;
    for (BgfetchProcess old : crew.members()) {
      BgfetchProcess successor = crew.replace(old);
      long signal = System.nanoTime();
      old.terminate();
      assertThat(old.awaitExit(END)).isEqualTo(ENDED_BY_TERM);
      Duration took = Duration.ofNanos(System.nanoTime() - signal);
      longest = took.compareTo(longest) > 0 ? took : longest;
      assertThat(old.err()).doesNotContain(UNCLEAN);
      var unused = successor.awaitUrl();
    }
    return longest;
  }
}
