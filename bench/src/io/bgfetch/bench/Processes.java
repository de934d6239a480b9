package io.bgfetch.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The child processes that run, so that none is left when this one is told to end. */
final class Processes {

  private static final Duration STOPPING = Duration.ofSeconds(40);
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static volatile boolean ending;

  private Processes() {}

  /** Whether this program was told to end: what fails from now on says nothing. */
  static boolean isEnding() {
    return ending;
  }

  /** Starts a process that is ended with this one. */
  static Process start(ProcessBuilder builder) throws IOException {
    if (ending) {
      throw new IOException("this program ends");
    }
    Process process = builder.start();
    RUNNING.add(process);
    process.onExit().thenRun(() -> RUNNING.remove(process));
    if (ending) {
      process.destroy();
    }
    return process;
  }

  /** Asks a process to end, and sees to it that it does. */
  static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
      System.err.println("killed, as it did not stop: " + process.info().command().orElse("?"));
      ProcessHandle[] left = process.descendants().toArray(ProcessHandle[]::new);
      process.destroyForcibly().waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS);
      for (ProcessHandle one : left) {
        one.destroyForcibly();
      }
    }
  }

  /** Ends all at once; from now on none is started. */
  static void endAll() {
    ending = true;
    RUNNING.forEach(Process::destroy);
    try {
      for (Process process : RUNNING) {
        end(process);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
