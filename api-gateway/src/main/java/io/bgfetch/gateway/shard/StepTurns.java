package io.bgfetch.gateway.shard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Lets the shards of a gateway step one after the other, first come, first served. A step costs as
 * much as hundreds of events, so where many shards have a little to do it is better that they wait
 * and each does more; who comes when nobody is at it goes on at once. A courtesy and no lock:
 * nobody waits for longer than a moment, whatever became of the others. Belongs to one context.
 */
final class StepTurns {

  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Duration patience;
  private final Duration longest;
  private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
  private int stepping;

  StepTurns(Vertx vertx) {
    this(vertx, PATIENCE, LONGEST);
  }

  /**
   * Turns of a test.
   *
   * @param patience how long one waits for its turn
   * @param longest a step that takes longer may hang: nobody waits for it any more
   */
  StepTurns(Vertx vertx, Duration patience, Duration longest) {
    this.vertx = vertx;
    this.patience = patience;
    this.longest = longest;
  }

  /** Makes a step when it is its turn, which is over when the step is, however that ends. */
  <T> Future<T> take(Supplier<Future<T>> step) {
    return begin()
        .compose(
            now -> {
              Turn turn = new Turn();
              return Future.succeededFuture()
                  .compose(begun -> step.get())
                  .onComplete(ended -> turn.end());
            });
  }

  private Future<Void> begin() {
    if (stepping == 0) {
      stepping++;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(turn);
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            passed -> {
              if (waiting.remove(turn)) {
                give(turn);
              }
            });
    return turn.future().onSuccess(given -> vertx.cancelTimer(timer));
  }

  /** Later, so that turns which follow each other without a pause do not pile up on the stack. */
  private void give(Promise<Void> turn) {
    stepping++;
    vertx.runOnContext(now -> turn.complete());
  }

  /** Ends once: with its step, or before, where that takes too long. */
  private final class Turn {

    private final long timer = vertx.setTimer(longest.toMillis(), passed -> end());
    private boolean over;

    void end() {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(timer);
      stepping--;
      if (stepping == 0 && !waiting.isEmpty()) {
        give(waiting.remove());
      }
    }
  }
}
