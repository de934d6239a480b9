package io.bgfetch.testkit;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an {@link Origin} has seen so far. Thread-safe. */
final class Traffic {
  private static final int REMEMBERED_HEADS = 10_000;

  private final Map<String, Integer> perPath = new HashMap<>();
  private final List<Origin.Head> heads = new ArrayList<>();
  private int requests;
  private int open;
  private int mostOpen;

  /** Counts the request now, and as open until its response or its connection has ended. */
  void observe(HttpServerRequest request) {
    arrived(request);
    Runnable left = once(this::left);
    request.response().endHandler(end -> left.run());
    request.response().closeHandler(close -> left.run());
    request.response().exceptionHandler(failure -> left.run());
  }

  private synchronized void arrived(HttpServerRequest request) {
    requests++;
    open++;
    mostOpen = Math.max(mostOpen, open);
    perPath.merge(request.path(), 1, Integer::sum);
    if (heads.size() < REMEMBERED_HEADS) {
      heads.add(new Origin.Head(request.method().name(), request.uri(), request.headers()));
    }
    notifyAll();
  }

  private synchronized void left() {
    open--;
  }

  private static Runnable once(Runnable action) {
    boolean[] done = new boolean[1]; // all callbacks come on the connection's event loop
    return () -> {
      if (!done[0]) {
        done[0] = true;
        action.run();
      }
    };
  }

  synchronized int requests() {
    return requests;
  }

  synchronized int requests(String path) {
    return perPath.getOrDefault(path, 0);
  }

  synchronized int open() {
    return open;
  }

  synchronized int mostOpen() {
    return mostOpen;
  }

  synchronized void countMostAnew() {
    mostOpen = open;
  }

  synchronized List<Origin.Head> heads() {
    return List.copyOf(heads);
  }

  synchronized boolean awaitRequests(int count, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (requests < count) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
