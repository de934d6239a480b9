package io.bgfetch.gateway.registering;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says again and again that something is still in use, until it is stopped. */
final class Renewal {

  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  private final Vertx vertx;
  private final Duration every;
  private final Supplier<? extends Future<?>> renew;
  private long timer = -1;
  private boolean stopped;

  Renewal(Vertx vertx, Duration every, Supplier<? extends Future<?>> renew) {
    this.vertx = vertx;
    this.every = every;
    this.renew = renew;
  }

  void start() {
    arm();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void arm() {
    if (!stopped) {
      timer = vertx.setTimer(Math.max(1, every.toMillis()), fired -> renewThenArm());
    }
  }

  private void renewThenArm() {
    renew
        .get()
        .onFailure(cause -> LOG.atInfo().setCause(cause).log("a lease was not renewed"))
        .onComplete(renewed -> arm());
  }
}
