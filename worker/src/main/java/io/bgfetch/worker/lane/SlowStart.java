package io.bgfetch.worker.lane;

/**
 * How far a host is trusted: it begins with a small window, answers widen it, and silence narrows
 * it again. Other than in TCP (RFC 5681) the window binds only while others want the turns, but for
 * a host that was held back.
 */
final class SlowStart {

  private static final int WIDER_BY = 2;

  private final int first;
  private int window;
  private boolean strict;
  private boolean silent = true;
  private int answeredRunning;
  private int endedInSilence;

  /** A host that has not answered yet, of which {@code first} fetches may run. */
  SlowStart(int first) {
    this.first = first;
    this.window = first;
  }

  int window() {
    return window;
  }

  /** Whether not even turns that nobody wants may be used beyond the window. */
  boolean strict() {
    return strict;
  }

  /** Whether there was no sign of life yet, or none for long. */
  boolean silent() {
    return silent;
  }

  /** The head of a response came. */
  void answered(int running, int most) {
    silent = false;
    endedInSilence = 0;
    answeredRunning = Math.min(running, answeredRunning + 1);
    window = Math.max(window, Math.min(most, window + WIDER_BY));
    strict &= window < most;
  }

  /** One has ended, and so many still run. Which of them were answered matters little. */
  void ended(int running) {
    if (answeredRunning > 0) {
      answeredRunning = Math.min(running, answeredRunning - 1);
    } else if (++endedInSilence >= window) {
      silent = true;
      window = Math.min(window, first);
      endedInSilence = 0;
    }
  }

  /** Begins anew with one at a time. */
  void restart() {
    window = 1;
    strict = true;
    endedInSilence = 0;
  }
}
