package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A bgfetch in a JVM of its own, from the jar that is shipped. Closing kills it. */
final class BgfetchProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int CANNOT_START = 2;
  private static final String READY = "is ready";
  private static final Path JAR = Path.of("target/bgfetch-standalone.jar").toAbsolutePath();
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final Process process;
  private final Path out;
  private final Path err;

  private BgfetchProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts one.
   *
   * @param directory where it works and its output goes
   * @param settings {@code BGFETCH_…}; those of this process are not passed on
   */
  static BgfetchProcess start(
      Path directory, List<String> jvmOptions, Map<String, String> settings, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return start(directory, settings, command);
  }

  static BgfetchProcess start(Path directory, Map<String, String> settings, List<String> command) {
    try {
      Path out = Files.createTempFile(directory, "out-", ".txt");
      Path err = Files.createTempFile(directory, "err-", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("BGFETCH_"));
      builder.environment().putAll(settings);
      return new BgfetchProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jar and the class of a test, for a program of the test's own. */
  static String classPathWith(Class<?> program) {
    Path classes = Path.of(program.getProtectionDomain().getCodeSource().getLocation().getPath());
    return JAR + File.pathSeparator + classes;
  }

  /** Waits for a line of standard output that has this in it. */
  String awaitLine(String part) {
    await("\"" + part + "\" from " + process.info().commandLine().orElse("a process"))
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(process.isAlive() || line(part).isPresent())
                  .as("ended with: %s", err())
                  .isTrue();
              return line(part).isPresent();
            });
    return line(part).orElseThrow();
  }

  private Optional<String> line(String part) {
    return out().lines().filter(line -> line.contains(part)).findFirst();
  }

  /** The first address in the line that says that it is ready. */
  String awaitUrl() {
    return URL.matcher(awaitLine(READY))
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow();
  }

  int awaitExit() throws InterruptedException {
    return awaitExit(PATIENCE);
  }

  int awaitExit(Duration deadline) throws InterruptedException {
    assertThat(process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS))
        .as("it ends; so far it said %s%s", out(), err())
        .isTrue();
    return process.exitValue();
  }

  /** Asks it to end, as {@code kill} and Ctrl-C do. */
  void terminate() {
    process.destroy();
  }

  /** Stops it in the middle of whatever it does (SIGSTOP). */
  void halt() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets one that was stopped go on where it was (SIGCONT). */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Java itself knows TERM and KILL only. */
  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(signal, pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  long pid() {
    return process.pid();
  }

  /** The sum of all values that it exports under this name. */
  double metric(String name) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(awaitUrl() + "/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.matches(Pattern.quote(name) + "[ {].*"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether it has said so. */
  boolean isReady() {
    return isAlive() && line(READY).isPresent();
  }

  /** Whether it ended because it could not start. */
  boolean gaveUp() {
    return !isAlive() && process.exitValue() == CANNOT_START;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
