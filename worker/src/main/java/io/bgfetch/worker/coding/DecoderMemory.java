package io.bgfetch.worker.coding;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that all decoders of a worker may have at once, most of it outside the heap. Who finds
 * no room waits, the longest first. Belongs to one context.
 */
public final class DecoderMemory {

  /** Room for the greediest body, so that nobody waits for ever. */
  private static final long LEAST = 64L << 20;

  private record Waiting(long bytes, Promise<Void> promise) {}

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long free;

  /** So many bytes in all. */
  DecoderMemory(long total) {
    this.free = total;
  }

  /** In proportion to the memory that this process may have. */
  public static DecoderMemory ofThisProcess() {
    return new DecoderMemory(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4));
  }

  /** Completes when there is room; to be given back by {@link #giveBack}. */
  Future<Void> take(long bytes) {
    Waiting next = new Waiting(bytes, Promise.promise());
    waiting.add(next);
    serve();
    return next.promise().future();
  }

  void giveBack(long bytes) {
    free += bytes;
    serve();
  }

  private void serve() {
    while (!waiting.isEmpty() && waiting.element().bytes() <= free) {
      Waiting next = waiting.remove();
      free -= next.bytes();
      next.promise().complete();
    }
  }
}
