package io.bgfetch.worker.lane;

/**
 * How far a host is trusted. One that has not answered yet has a small window, because it may hold
 * its turns until their deadlines; its first answer opens the window, and silence closes it again.
 * After a block it opens slowly: as in TCP (RFC 5681), it grows with the answers.
 */
final class SlowStart {

  private static final int WIDER_BY = 2;
  private static final int OPEN = Integer.MAX_VALUE;

  private final int first;
  private int window;
  private boolean slowly;
  private boolean silent = true;
  private int answeredRunning;
  private int endedInSilence;

  /** A host that has not answered yet, of which {@code first} fetches may run. */
  SlowStart(int first) {
    this.first = first;
    this.window = first;
  }

  /** How many fetches may run, if the host's limits allow them. */
  int window() {
    return window;
  }

  /** Whether there was no sign of life yet, or none for long. */
  boolean silent() {
    return silent;
  }

  /**
   * The head of a response came.
   *
   * @param running how many run, this one included
   * @param most what the host's limits allow
   */
  void answered(int running, int most) {
    lives(running);
    boolean grows = slowly && window + WIDER_BY < most;
    window = grows ? window + WIDER_BY : OPEN;
    slowly = grows;
  }

  /**
   * The head of a response came that asks for less: a sign of life, which opens nothing.
   *
   * @param running how many run, this one included
   */
  void refused(int running) {
    lives(running);
  }

  private void lives(int running) {
    silent = false;
    endedInSilence = 0;
    answeredRunning = Math.min(running, answeredRunning + 1);
  }

  /**
   * One has ended. Which of them were answered matters little: as many as may run, without any
   * answer, are silence.
   *
   * @param running how many still run
   * @param most what the host's limits allow
   */
  void ended(int running, int most) {
    if (answeredRunning > 0) {
      answeredRunning = Math.min(running, answeredRunning - 1);
    } else if (++endedInSilence >= Math.min(window, most)) {
      silent = true;
      window = Math.min(window, first);
      endedInSilence = 0;
    }
  }

  /** The host is left alone for a while, and then begins with one at a time. */
  void restart() {
    window = 1;
    slowly = true;
    endedInSilence = 0;
  }
}
