package io.bgfetch.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules of the build that have tests.
 *
 * @param root the directory of the build's own pom
 */
record Modules(Path root) {

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  /** Where one kind of tests of a module leaves its reports. */
  private record Kind(String suffix, String reports) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("Test.java", "target/surefire-reports"),
          new Kind("IT.java", "target/failsafe-reports"));

  /**
   * Reads the reports of all modules.
   *
   * @return where tests are of which this build has no report
   */
  List<String> read(TestReports reports, Instant since) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String module : names()) {
      for (Kind kind : KINDS) {
        int read = reports.read(root.resolve(module).resolve(kind.reports()), since);
        if (read == 0 && hasTests(module, kind)) {
          missing.add(module + "/" + kind.reports());
        }
      }
    }
    return missing;
  }

  private List<String> names() throws IOException {
    return MODULE
        .matcher(Files.readString(root.resolve("pom.xml")))
        .results()
        .map(found -> found.group(1).strip())
        .toList();
  }

  private boolean hasTests(String module, Kind kind) throws IOException {
    Path sources = root.resolve(module).resolve("src/test/java");
    if (!Files.isDirectory(sources)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files.anyMatch(file -> file.toString().endsWith(kind.suffix()));
    }
  }
}
