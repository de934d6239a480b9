package io.bgfetch.worker;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again, each time a period after the last. Belongs to one context. */
final class Ticker implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final Vertx vertx;
  private final Duration period;
  private final Runnable duty;
  private boolean stopped;
  private long timer;

  Ticker(Vertx vertx, Duration period, Runnable duty) {
    this.vertx = vertx;
    this.period = period;
    this.duty = duty;
  }

  @Override
  public Future<Void> start() {
    arm();
    return Future.succeededFuture();
  }

  private void arm() {
    timer = vertx.setTimer(period.toMillis(), passed -> tick());
  }

  private void tick() {
    try {
      duty.run();
    } catch (RuntimeException failure) {
      LOG.atError().setCause(failure).log("a periodic duty failed");
    }
    if (!stopped) {
      arm();
    }
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }
}
