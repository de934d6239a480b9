package io.bgfetch.worker.lane;

/**
 * How many fetches one host may start: its share of the host's concurrency and rate, whether it is
 * held back, and how far it is trusted.
 */
final class HostGate {

  private final SlowStart slowStart;
  private final TokenBucket bucket;
  private int most;
  private int running;
  private long heldUntil;

  /**
   * A gate of a host at which nothing runs.
   *
   * @param since since when its bucket fills
   */
  HostGate(Limits.Share share, SlowStart slowStart, long since) {
    this.slowStart = slowStart;
    this.bucket = new TokenBucket(share.rate(), since);
    this.most = share.fetches();
  }

  void share(Limits.Share share, long now) {
    most = share.fetches();
    bucket.rate(share.rate(), now);
  }

  /** How many may start. */
  int free(long now) {
    int upTo = Math.min(most, slowStart.window());
    return running >= upTo || held(now) ? 0 : Math.min(upTo - running, bucket.tokens(now));
  }

  /** When time lets it start something that it may not start now; {@link Long#MAX_VALUE} never. */
  long opensAt(long now) {
    if (held(now)) {
      return heldUntil;
    }
    return bucket.tokens(now) > 0 ? Long.MAX_VALUE : bucket.nextAt(now);
  }

  void began(long now) {
    running++;
    bucket.take(now);
  }

  void ended() {
    running--;
    slowStart.ended(running, most);
  }

  void answered(long now) {
    if (!held(now)) {
      slowStart.answered(running, most);
    }
  }

  /** Answered that it wants less, which it does also while it is held. */
  void refused() {
    slowStart.refused(running);
  }

  /** Starts nothing until then, and one at a time to begin with. */
  void hold(long until) {
    heldUntil = Math.max(heldUntil, until);
    slowStart.restart();
  }

  boolean held(long now) {
    return now < heldUntil;
  }

  /** Turns that it has without having given a sign of life. */
  int silentlyRunning() {
    return slowStart.silent() ? running : 0;
  }

  boolean silent() {
    return slowStart.silent();
  }

  /** Whether forgetting it would let it start more than remembering. */
  boolean bucketFull(long now) {
    return bucket.full(now);
  }
}
