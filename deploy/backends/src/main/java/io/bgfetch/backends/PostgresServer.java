package io.bgfetch.backends;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running PostgreSQL server. It has a thread of its own, which starts the process and waits for
 * its end: the process is tied to the life of the thread that started it.
 */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(8);
  private static final Duration IMMEDIATE_SHUTDOWN = Duration.ofSeconds(4);
  private static final long LARGEST_LOG = 16L << 20;
  private static final int STATUS_LINE = 7;

  private final CompletableFuture<Process> started = new CompletableFuture<>();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final Path data;
  private final Path log;
  private final long logStart;
  private volatile boolean needed;

  private PostgresServer(Path data, Path log) throws IOException {
    this.data = data;
    this.log = log;
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(log, Path.of(log + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    this.logStart = Files.exists(log) ? Files.size(log) : 0;
  }

  /** Starts it and waits until it takes connections. */
  static PostgresServer start(List<String> command, Path data, Path log, Duration deadline)
      throws IOException, InterruptedException {
    PostgresServer server = new PostgresServer(data, log);
    Thread.ofPlatform().name("bgfetch-postgres").daemon().start(() -> server.run(command));
    try {
      server.awaitReady(deadline);
      server.needed = true;
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.stop();
      throw e;
    }
  }

  private void run(List<String> command) {
    try {
      Process process = Program.builder(command, data, log).start();
      started.complete(process);
      int status = process.waitFor();
      if (needed) {
        LOG.atError().addKeyValue("status", status).log("PostgreSQL ended by itself");
      }
      ended.complete(status);
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.completeExceptionally(e);
      ended.completeExceptionally(e);
    }
  }

  private void awaitReady(Duration deadline) throws IOException, InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (!isReady()) {
      if (ended.isDone()) {
        throw new BackendsException("PostgreSQL does not start: " + lastWords());
      }
      if (System.nanoTime() > end) {
        throw new BackendsException("PostgreSQL is not ready after " + deadline + ", see " + log);
      }
      Thread.sleep(POLL);
    }
  }

  /** The server tells its state in the last line of its pid file. */
  private boolean isReady() throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return false;
    }
    List<String> lines = Files.readAllLines(pidFile);
    return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
  }

  private String lastWords() throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    String said = new String(bytes, (int) logStart, bytes.length - (int) logStart, UTF_8);
    List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
    return lines.reversed().stream()
        .filter(line -> line.contains("FATAL"))
        .findFirst()
        .orElse(lines.isEmpty() ? "see " + log : lines.getLast());
  }

  /** Ends it: sessions are cut and a checkpoint is written, unless that takes too long. */
  void stop() throws InterruptedException {
    needed = false;
    Process process;
    try {
      process = started.get(IMMEDIATE_SHUTDOWN.toNanos(), NANOSECONDS);
    } catch (ExecutionException | TimeoutException neverStarted) {
      return;
    }
    if (!signal(process, "INT", FAST_SHUTDOWN) && !signal(process, "QUIT", IMMEDIATE_SHUTDOWN)) {
      LOG.warn("PostgreSQL does not end when asked, killing it");
      process.destroyForcibly();
      process.waitFor(IMMEDIATE_SHUTDOWN.toNanos(), NANOSECONDS);
    }
  }

  private static boolean signal(Process process, String signal, Duration deadline)
      throws InterruptedException {
    PostgresProcesses.signal(signal, List.of(Long.toString(process.pid())));
    return process.waitFor(deadline.toNanos(), NANOSECONDS);
  }
}
