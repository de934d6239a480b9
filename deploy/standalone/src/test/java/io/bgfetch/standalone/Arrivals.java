package io.bgfetch.standalone;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A page that remembers when its requests came. Thread-safe. */
final class Arrivals implements Handler<HttpServerRequest> {
  private final List<Long> nanos = new ArrayList<>();

  @Override
  public void handle(HttpServerRequest request) {
    remember();
    request.response().end();
  }

  private synchronized void remember() {
    nanos.add(System.nanoTime());
  }

  synchronized int count() {
    return nanos.size();
  }

  /** From the first to the last. */
  synchronized Duration span() {
    return Duration.ofNanos(nanos.getLast() - nanos.getFirst());
  }

  /** The most that came in any second, wherever it begins. */
  synchronized int mostInASecond() {
    int most = 0;
    int oldest = 0;
    for (int i = 0; i < nanos.size(); i++) {
      while (nanos.get(i) - nanos.get(oldest) >= Duration.ofSeconds(1).toNanos()) {
        oldest++;
      }
      most = Math.max(most, i - oldest + 1);
    }
    return most;
  }
}
