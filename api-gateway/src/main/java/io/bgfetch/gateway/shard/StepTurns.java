package io.bgfetch.gateway.shard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets the shards of a gateway step one after the other, first come, first served. A step costs as
 * much as hundreds of events, so where many shards have a little to do it is better that they wait
 * and each does more; who comes when nobody is at it goes on at once. A courtesy and no lock:
 * nobody waits for longer than a moment, whatever became of the others. Belongs to one context.
 */
final class StepTurns {

  private static final Duration AT_MOST = Duration.ofMillis(100);

  private final Vertx vertx;
  private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
  private int stepping;

  StepTurns(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Completes when it is the caller's turn, who says {@link #end} behind its step. */
  Future<Void> begin() {
    if (stepping == 0) {
      stepping++;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(turn);
    long timer =
        vertx.setTimer(
            AT_MOST.toMillis(),
            passed -> {
              if (waiting.remove(turn)) {
                give(turn);
              }
            });
    return turn.future().onSuccess(given -> vertx.cancelTimer(timer));
  }

  void end() {
    stepping--;
    if (stepping == 0 && !waiting.isEmpty()) {
      give(waiting.remove());
    }
  }

  private void give(Promise<Void> turn) {
    stepping++;
    turn.complete();
  }
}
