package io.bgfetch.gateway.reading;

import io.bgfetch.gateway.reading.BodyState.Awaited;
import io.bgfetch.gateway.reading.RecordWatch.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The wait until the head of a record's response is known, or the record has ended, or the time is
 * over: {@code responseReady} of the browser's API.
 */
public final class ReadyWait implements RecordWatcher {

  private final Vertx vertx;
  private final Promise<Void> over = Promise.promise();
  private Watch watch = () -> {};
  private long timer = -1;

  ReadyWait(Vertx vertx) {
    this.vertx = vertx;
  }

  ReadyWait begin(RecordKey key, RecordWatch records, Duration atMost) {
    watch = records.watch(key, this);
    timer = vertx.setTimer(atMost.toMillis(), late -> end());
    return this;
  }

  /** Ends with the wait, whatever ended it. */
  public Future<Void> over() {
    return over.future();
  }

  @Override
  public void see(RecordSight sight) {
    if (!(sight.toBegin() instanceof Awaited)) {
      end();
    }
  }

  /** Ends the wait now; once or more often. */
  @Override
  public void end() {
    vertx.cancelTimer(timer);
    watch.close();
    over.tryComplete();
  }
}
