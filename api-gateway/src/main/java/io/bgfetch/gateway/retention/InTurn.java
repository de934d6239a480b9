package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** One after the other: what fails does not keep what comes behind it from its turn. */
final class InTurn {

  private InTurn() {}

  /** Completes when all had their turn; fails then with the first failure, if there was one. */
  static <T> Future<Void> each(List<T> items, Function<T, Future<Void>> action) {
    Future<Void> chain = Future.succeededFuture();
    for (T item : items) {
      chain =
          chain.transform(
              before -> {
                Future<Void> turn = action.apply(item);
                return before.succeeded()
                    ? turn
                    : turn.transform(done -> Future.failedFuture(before.cause()));
              });
    }
    return chain;
  }
}
