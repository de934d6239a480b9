package io.bgfetch.backends;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;

/** Backends in a JVM of their own, which tests can kill. */
final class BackendsProcess implements AutoCloseable {
  private final Process process;
  private final String postgresUri;
  private final String kafkaBootstrapServers;

  private BackendsProcess(Process process) throws IOException {
    this.process = process;
    BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
    this.postgresUri = lines.readLine();
    this.kafkaBootstrapServers = lines.readLine();
  }

  static BackendsProcess start(Path dataDir) throws IOException {
    return new BackendsProcess(
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BackendsProcess.class.getName(),
                    dataDir.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Prints the two addresses and stays until it is killed, or its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    try (Backends backends = Backends.start(new BackendsConfig(Path.of(arguments[0])))) {
      System.out.println(backends.postgresUri());
      System.out.println(backends.kafkaBootstrapServers());
      while (System.in.read() >= 0) {
        // only the end counts
      }
    }
  }

  long pid() {
    return process.pid();
  }

  String postgresUri() {
    return postgresUri;
  }

  String kafkaBootstrapServers() {
    return kafkaBootstrapServers;
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
