package io.bgfetch.standalone;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A page that is answered after a time, or not before it is let go. Thread-safe. */
final class HeldBack implements Handler<HttpServerRequest> {
  private final Duration time;
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;

  HeldBack(Duration time) {
    this.time = time;
  }

  /** Requests that come from now on are not answered. */
  synchronized void hold() {
    holding = true;
  }

  /** All are answered again, those that were held at once. */
  synchronized void letGo() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public synchronized void handle(HttpServerRequest request) {
    Context context = Vertx.currentContext();
    if (holding) {
      held.add(() -> context.runOnContext(now -> request.response().end("answer")));
    } else {
      context.owner().setTimer(time.toMillis(), passed -> request.response().end("answer"));
    }
  }
}
