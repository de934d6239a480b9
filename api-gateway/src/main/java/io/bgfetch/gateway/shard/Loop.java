package io.bgfetch.gateway.shard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Repeats a step for as long as it says so. A chain of composed futures would keep every step that
 * ever was in memory and unwind through all of them at its end; this keeps the present one only.
 */
final class Loop {

  private final Vertx vertx;
  private final Supplier<Future<Boolean>> step;
  private final Promise<Void> over = Promise.promise();

  private Loop(Vertx vertx, Supplier<Future<Boolean>> step) {
    this.vertx = vertx;
    this.step = step;
  }

  /**
   * Runs the first step now, on the caller's context, and each further one in a turn of its own.
   *
   * @param step answers whether to go on
   * @return completes after the step that said no, and fails with the first step that failed
   */
  static Future<Void> run(Vertx vertx, Supplier<Future<Boolean>> step) {
    Loop loop = new Loop(vertx, step);
    loop.turn();
    return loop.over.future();
  }

  private void turn() {
    step.get()
        .onSuccess(
            goOn -> {
              if (goOn) {
                vertx.runOnContext(next -> turn());
              } else {
                over.complete();
              }
            })
        .onFailure(over::fail);
  }
}
