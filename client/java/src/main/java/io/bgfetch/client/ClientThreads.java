package io.bgfetch.client;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for listeners and subscribers. They keep no JVM running and end when nothing is to do.
 */
final class ClientThreads {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private ClientThreads() {}

  /** As many as there are tasks: each of them waits most of the time. */
  static Executor create() {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), ClientThreads::start);
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "bgfetch-client-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
