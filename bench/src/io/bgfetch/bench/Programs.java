package io.bgfetch.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Installed programs: where they are, and what they say of themselves. */
final class Programs {

  private static final Pattern MODULES = Pattern.compile("--modules-path=(\\S+)");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+\\d+\\s+(\\d+)");
  private static final long USUAL_OPEN_FILES = 1_024;

  private Programs() {}

  /** The path of a program, also of those that only root has on its path. */
  static String path(String name) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not installed"));
  }

  static Path nginxModules() throws IOException {
    Matcher modules = MODULES.matcher(output(path("nginx"), "-V"));
    return Path.of(modules.find() ? modules.group(1) : "/usr/lib/nginx/modules");
  }

  /** How many files a child may open at most. */
  static long mostOpenFiles() throws IOException {
    Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
    return limit.find() ? Long.parseLong(limit.group(1)) : USUAL_OPEN_FILES;
  }

  /** What a command that ends soon prints, on both of its outputs; empty if it cannot be run. */
  static String output(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(1, TimeUnit.MINUTES);
      return output.strip();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  static String firstLine(String... command) {
    return output(command).lines().findFirst().orElse("unknown");
  }
}
