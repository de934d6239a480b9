package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that call at the same time, each again as soon as it has its answer. */
final class Clients {

  /** One call of many. */
  interface Call {
    void call(int number) throws Failure, InterruptedException;
  }

  private Clients() {}

  /**
   * Makes the calls from 0 on. After one that fails, none is begun.
   *
   * @throws Failure that of a call
   */
  static void each(int clients, int count, Call call) throws Failure, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(threads.submit(() -> callUntilDone(next, count, call)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failure failure ? failure : new Failure(e.toString(), e);
    }
  }

  private static Void callUntilDone(AtomicInteger next, int count, Call call)
      throws Failure, InterruptedException {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        call.call(i);
      }
      return null;
    } catch (Failure | RuntimeException e) {
      next.set(count);
      throw e;
    }
  }
}
