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

  /**
   * A look was taken.
   *
   * @param found whether any record can be released again
   * @param someWait whether any is left, if only for later
   */
  void looked(boolean found, boolean someWait) {
    someMayWait = someWait;
    looking = found;
    if (!found) {
      pause();
    }
  }

  /** Whether the step that follows releases anything, those records or others. */
  void followedBy(boolean releases) {
    if (looking && !releases) {
      pause();
    }
    looking = false;
  }

  private void pause() {
    notBefore = millis.getAsLong() + PAUSE_MILLIS;
  }
}
