package io.bgfetch.worker.task;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the blob store takes bytes, as far as a worker knows: after a failure it is tried again
 * and again until it does. Belongs to one context.
 */
final class StoreRoom {

  private static final Logger LOG = LoggerFactory.getLogger(StoreRoom.class);
  private static final long PROBE_EVERY_MILLIS = 2_000;

  private final String worker;
  private final Supplier<Future<Void>> probe;
  private boolean lacking;
  private boolean probing;
  private int failures;
  private long probeAt;

  /**
   * Room, to begin with.
   *
   * @param probe tries whether the store takes bytes
   */
  StoreRoom(String worker, Supplier<Future<Void>> probe) {
    this.worker = worker;
    this.probe = probe;
  }

  /** Whether it took no bytes when it was last tried. */
  boolean lacking() {
    return lacking;
  }

  /** It took no bytes. */
  void failed(long now) {
    failures++;
    probeAt = now + PROBE_EVERY_MILLIS;
    if (!lacking) {
      lacking = true;
      LOG.atWarn()
          .addKeyValue("worker", worker)
          .log("the blob store takes no bytes; no jobs are taken until it does");
    }
  }

  /** Tries it where it is time to. */
  void tick(long now) {
    if (lacking && !probing && now >= probeAt) {
      probing = true;
      int known = failures;
      probe.get().onComplete(took -> took(known), failure -> tookNothing(now));
    }
  }

  /** Bytes that fetches failed to store meanwhile say more than a probe that began before. */
  private void took(int knownFailures) {
    probing = false;
    if (knownFailures == failures) {
      lacking = false;
      LOG.atInfo().addKeyValue("worker", worker).log("the blob store takes bytes again");
    }
  }

  private void tookNothing(long begunAt) {
    probing = false;
    probeAt = Math.max(probeAt, begunAt + PROBE_EVERY_MILLIS);
  }
}
