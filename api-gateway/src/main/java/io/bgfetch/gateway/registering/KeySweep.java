package io.bgfetch.gateway.registering;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes idempotency keys that nobody can use any more. */
final class KeySweep implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(KeySweep.class);
  private static final Duration EVERY = Duration.ofHours(1);

  private final Vertx vertx;
  private final KeyStore keys;
  private long timer = -1;
  private boolean stopped;

  KeySweep(Vertx vertx, KeyStore keys) {
    this.vertx = vertx;
    this.keys = keys;
  }

  @Override
  public Future<Void> start() {
    sweepThenArm();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  private void sweepThenArm() {
    keys.deleteOld()
        .onFailure(cause -> LOG.atWarn().setCause(cause).log("a sweep of keys failed"))
        .onComplete(swept -> arm());
  }

  private void arm() {
    if (!stopped) {
      timer = vertx.setTimer(EVERY.toMillis(), fired -> sweepThenArm());
    }
  }
}
