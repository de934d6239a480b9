package io.bgfetch.standalone;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server process has started and closes when it ends, the last first: by {@link #close}, or
 * by a signal, at any time, also while it is still starting. Thread-safe.
 */
final class ProcessResources implements AutoCloseable {
  /** A process that was told to end does so within 15 s. */
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(14);

  private static final Logger LOG = LoggerFactory.getLogger(ProcessResources.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  ProcessResources() {}

  /** Resources that a signal closes. */
  static ProcessResources closedBySignal() {
    ProcessResources resources = new ProcessResources();
    Runtime.getRuntime().addShutdownHook(new Thread(resources::closeInTime, "bgfetch-end"));
    return resources;
  }

  /** Takes it over. One that comes too late is closed at once. */
  void own(AutoCloseable resource) {
    if (!taken(resource)) {
      closeOne(resource);
    }
  }

  private synchronized boolean taken(AutoCloseable resource) {
    if (!closed) {
      open.push(resource);
    }
    return !closed;
  }

  /** Waits for the signal; the JVM ends while this waits. */
  void awaitSignal() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  private void closeInTime() {
    Thread closing = Thread.ofPlatform().name("bgfetch-close").daemon().start(this::close);
    try {
      if (!closing.join(CLOSE_WITHIN)) {
        LOG.atWarn().addKeyValue("deadline", CLOSE_WITHIN).log("not everything ended in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      closeOne(open.pop());
    }
  }

  private static void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.atWarn()
          .addKeyValue("resource", resource.getClass().getSimpleName())
          .setCause(e)
          .log("not closed cleanly");
    }
  }
}
