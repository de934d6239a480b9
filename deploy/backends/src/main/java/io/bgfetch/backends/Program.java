package io.bgfetch.backends;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs programs of the system: to their end, with a deadline, without anything on our output. */
final class Program {
  private Program() {}

  /** Runs it to its end and returns its exit status. */
  static int run(List<String> command, Path directory, Path output, Duration deadline)
      throws IOException, InterruptedException {
    Process process = builder(command, directory, output).start();
    try {
      if (!process.waitFor(deadline.toNanos(), NANOSECONDS)) {
        throw new IOException("%s took longer than %s".formatted(command.getFirst(), deadline));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether it can be run here and ends well. */
  static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return run(command, Path.of("/"), Path.of("/dev/null"), Duration.ofSeconds(5)) == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  /** A process that appends what it prints to the file and reads nothing. */
  static ProcessBuilder builder(List<String> command, Path directory, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    return builder;
  }
}
