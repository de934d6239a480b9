package io.bgfetch.lifecycle;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that start in order and stop in reverse. A start that fails stops what had started; a stop
 * that fails is logged and does not keep the other parts from stopping. Used from one context.
 */
public final class Assembly implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private final List<Part> parts;
  private final Deque<Part> started = new ArrayDeque<>();

  public Assembly(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public Future<Void> start() {
    Future<Void> chain = Future.succeededFuture();
    for (Part part : parts) {
      chain = chain.compose(done -> startOne(part));
    }
    return chain.recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
  }

  @Override
  public Future<Void> stop() {
    Future<Void> chain = Future.succeededFuture();
    while (!started.isEmpty()) {
      Part part = started.pop();
      chain = chain.compose(done -> stopOne(part));
    }
    return chain;
  }

  private Future<Void> startOne(Part part) {
    return part.start().onSuccess(done -> started.push(part));
  }

  private static Future<Void> stopOne(Part part) {
    return part.stop()
        .recover(
            cause -> {
              LOG.atWarn()
                  .addKeyValue("part", part.getClass().getSimpleName())
                  .setCause(cause)
                  .log("part did not stop cleanly");
              return Future.succeededFuture();
            });
  }
}
