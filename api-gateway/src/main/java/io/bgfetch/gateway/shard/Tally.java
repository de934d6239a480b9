package io.bgfetch.gateway.shard;

/** How many records of a shard are in flight, have started, and were settled in this step. */
final class Tally {

  private int inFlight;
  private int started;
  private int settled;

  void flew() {
    inFlight++;
  }

  void landed(boolean hadStarted) {
    inFlight--;
    started -= hadStarted ? 1 : 0;
  }

  void turned(boolean hasStarted) {
    started += hasStarted ? 1 : -1;
  }

  void settled() {
    settled++;
  }

  /** Records that are released and of which nobody said that they have started. */
  int waiting() {
    return inFlight - started;
  }

  /** Records settled since this was last asked. */
  int takeSettled() {
    int was = settled;
    settled = 0;
    return was;
  }
}
