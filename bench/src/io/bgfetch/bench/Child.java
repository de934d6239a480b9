package io.bgfetch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that runs as a child process until it is closed. Its standard output is read line by
 * line, its standard error goes to a file.
 */
final class Child implements AutoCloseable {

  private static final int TAIL = 2_000;

  private final String name;
  private final Process process;
  private final Path log;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static Child start(String name, Path directory, Map<String, String> environment, List<String> of)
      throws IOException {
    Path log = directory.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(of).directory(directory.toFile());
    builder.redirectError(log.toFile());
    builder.environment().putAll(environment);
    Child child = new Child(name, Processes.start(builder), log);
    Thread.ofPlatform().daemon().name(name + "-output").start(child::readLines);
    return child;
  }

  private void readLines() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException ended) {
      // so there are no more
    }
  }

  long pid() {
    return process.pid();
  }

  /** The first line of its standard output, of those not taken yet, in which this is found. */
  Matcher await(Pattern pattern, Duration within) throws Failure, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < deadline) {
      String line = lines.poll(100, TimeUnit.MILLISECONDS);
      if (line == null && !process.isAlive() && lines.isEmpty()) {
        throw new Failure(name + " ended with status " + process.exitValue() + ": " + tail());
      }
      Matcher found = pattern.matcher(line == null ? "" : line);
      if (found.find()) {
        return found;
      }
    }
    throw new Failure(name + " did not say that it is ready in " + within + ": " + tail());
  }

  /** The end of what it wrote to standard error. */
  String tail() {
    try {
      String all = Files.readString(log);
      return all.substring(Math.max(0, all.length() - TAIL)).strip();
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() throws InterruptedException {
    Processes.end(process);
  }
}
