package io.bgfetch.gateway.shard;

import java.util.function.LongSupplier;

/**
 * When to look for records whose next try has come: as long as some may wait, at each step while
 * something comes of it, and every now and then else.
 */
final class WaitingLooks {

  private static final long PAUSE_MILLIS = 100;

  private final LongSupplier millis;
  private boolean someMayWait = true;
  private boolean looking;
  private long notBefore = Long.MIN_VALUE;

  /**
   * No look was taken yet.
   *
   * @param millis a clock that never goes back, in milliseconds from any origin
   */
  WaitingLooks(LongSupplier millis) {
    this.millis = millis;
  }

  boolean due() {
    return someMayWait && millis.getAsLong() >= notBefore;
  }

  /** There may be some now. */
  void someMayWait() {
    someMayWait = true;
  }

  /** A look was taken; whether any record is left that waits, if only for later. */
  void looked(boolean someWait) {
    someMayWait = someWait;
    looking = true;
  }

  /** What came of the look of this step, if one was taken. */
  void released(int records) {
    if (looking && records == 0) {
      notBefore = millis.getAsLong() + PAUSE_MILLIS;
    }
    looking = false;
  }
}
