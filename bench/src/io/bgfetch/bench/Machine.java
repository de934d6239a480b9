package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On what it was measured, and which versions of everything. */
final class Machine {

  private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.*)$");
  private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s*(\\d+) kB$");
  private static final Pattern SYSTEM = Pattern.compile("(?m)^PRETTY_NAME=\"?([^\"\\n]*)\"?$");
  private static final Pattern KAFKA = Pattern.compile("<kafka.version>([^<]+)<");
  private static final Pattern JAVA = Pattern.compile("(?m)^JAVA_RUNTIME_VERSION=\"?([^\"\\n]*)");

  /** The programs beside which bgfetch is measured, and which measure. */
  static final List<String> TOOLS = List.of("nginx", "curl", "wget2", "aria2c", "wrk");

  private Machine() {}

  /** What does not change while the machine stays what it is. */
  static Map<String, Object> hardware(Path scratch) throws IOException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("processors", (double) Runtime.getRuntime().availableProcessors());
    machine.put("processor", found(MODEL, Path.of("/proc/cpuinfo")));
    double kib = Double.parseDouble(found(MEMORY, Path.of("/proc/meminfo")));
    machine.put("memory", String.format(Locale.ROOT, "%.0f GiB", kib / (1 << 20)));
    machine.put("file system", Files.getFileStore(scratch).type());
    machine.put("kernel", Programs.output("uname", "-srm"));
    machine.put("system", found(SYSTEM, Path.of("/etc/os-release")));
    return machine;
  }

  /** Versions of the programs; those of bgfetch's parts are asked of a running one. */
  static Map<String, Object> versions(Path repository, Path bgfetch, String revision)
      throws IOException {
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("bgfetch", Programs.firstLine(bgfetch.toString(), "--version") + ", " + revision);
    versions.put("Kafka (embedded)", found(KAFKA, repository.resolve("pom.xml")));
    versions.put("nginx", Programs.firstLine("nginx", "-v"));
    versions.put("curl", Programs.firstLine("curl", "--version").replaceFirst(" libcurl.*", ""));
    versions.put("wget2", Programs.firstLine("wget2", "--version").replaceFirst(" - .*", ""));
    versions.put("aria2c", Programs.firstLine("aria2c", "--version"));
    versions.put("wrk", Programs.firstLine("wrk", "--version").replaceFirst(" Copyright.*", ""));
    return versions;
  }

  /** The commit that is checked out, and whether more than results differs from it. */
  static String revision(Path repository) {
    String root = repository.toString();
    String commit = Programs.firstLine("git", "-C", root, "rev-parse", "--short", "HEAD");
    String changes =
        Programs.output("git", "-C", root, "status", "--short", ".", ":!docs/benchmarks.*");
    return "commit " + commit + (changes.isEmpty() ? "" : " with changes");
  }

  /** The version of the Java that a process runs on. */
  static String javaOf(long pid) throws IOException {
    Path java = Path.of("/proc", Long.toString(pid), "exe").toRealPath();
    return found(JAVA, java.getParent().getParent().resolve("release"));
  }

  /** The version of the Postgres that is below a process, if there is one. */
  static Optional<String> postgresBelow(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .flatMap(process -> process.info().command().stream())
        .filter(command -> command.endsWith("/postgres"))
        .findFirst()
        .map(command -> Programs.firstLine(command, "--version"));
  }

  private static String found(Pattern pattern, Path in) throws IOException {
    Matcher found = pattern.matcher(Files.readString(in));
    return found.find() ? found.group(1).strip() : "unknown";
  }
}
