package io.bgfetch.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed, in reverse order: at the end, or when the program is interrupted. */
final class Owned implements AutoCloseable {

  /** Closes something; what goes wrong is printed and does not keep the rest from being closed. */
  interface Closing {
    void close() throws Exception;
  }

  private final Deque<Closing> owned = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T add(T one) {
    owned.push(one::close);
    return one;
  }

  /** Ends all processes and closes everything, also when the program is interrupted. */
  void closeAtExit() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  Processes.endAll();
                  close();
                }));
  }

  synchronized void addClosing(Closing one) {
    owned.push(one);
  }

  /** Closes what was added since, and is not closed yet. */
  @Override
  public synchronized void close() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        System.err.println("could not be closed: " + e);
      }
    }
  }
}
