package io.bgfetch.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets so many queries of one kind run at once, and the others wait in their order: thousands of
 * readers who come back together, because their gateway died, must not take all connections to
 * Postgres from everybody else. At most one waits for each open stream. Used on one context.
 */
final class Turns {

  private final int atOnce;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Turns(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Runs it when its turn comes; its deadline begins then. */
  <T> Future<T> take(Supplier<Future<T>> query) {
    Promise<T> promise = Promise.promise();
    waiting.add(() -> run(query, promise));
    next();
    return promise.future();
  }

  private <T> void run(Supplier<Future<T>> query, Promise<T> promise) {
    query
        .get()
        .onComplete(
            done -> {
              running--;
              next();
              promise.handle(done);
            });
  }

  private void next() {
    while (running < atOnce && !waiting.isEmpty()) {
      running++;
      waiting.remove().run();
    }
  }
}
