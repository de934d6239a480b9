package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs tests of the JavaScript client by Node's own test runner. */
final class NodeTests {
  /** The folder of the package. */
  static final Path PACKAGE = Path.of("../../client/js").toAbsolutePath().normalize();

  private static final long PATIENCE_SECONDS = 150;

  /** A line of the Test Anything Protocol that says how a test, or a group of them, ended. */
  private static final Pattern VERDICT = Pattern.compile("^( *)(not ok|ok) \\d+ - (.*)$");

  private static final String SKIPPED = " # SKIP";

  private record Verdict(String name, boolean passed, List<String> details) {}

  private NodeTests() {}

  /** Runs these files, and gives one test for each of theirs; where Node is absent none is run. */
  static Stream<DynamicTest> run(Path directory, Map<String, String> environment, Path... files)
      throws Exception {
    assumeTrue(present("node"), "Node is there");
    Path out = Files.createTempFile(directory, "node-", ".txt");
    List<String> command =
        new ArrayList<>(List.of("node", "--test", "--test-timeout=60000", "--test-reporter=tap"));
    Stream.of(files).map(Path::toString).forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(PACKAGE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<Verdict> verdicts = verdicts(Files.readAllLines(out, UTF_8));
      assertThat(ended).as("Node ends; so far it said %s", Files.readString(out)).isTrue();
      assertThat(verdicts).as(Files.readString(out)).isNotEmpty();
      assertThat(process.exitValue() == 0).isEqualTo(verdicts.stream().allMatch(Verdict::passed));
      return verdicts.stream().map(NodeTests::test);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static DynamicTest test(Verdict verdict) {
    return dynamicTest(
        verdict.name(),
        () -> {
          assumeFalse(verdict.name().contains(SKIPPED), verdict.name());
          if (!verdict.passed()) {
            fail(String.join("\n", verdict.details()));
          }
        });
  }

  /** Each verdict with what was said since the one before. */
  private static List<Verdict> verdicts(List<String> lines) {
    List<Verdict> verdicts = new ArrayList<>();
    List<String> details = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = VERDICT.matcher(line);
      if (matcher.matches()) {
        details = new ArrayList<>();
        boolean passed = matcher.group(2).equals("ok");
        verdicts.add(new Verdict(matcher.group(3), passed, details));
      } else {
        details.add(line);
      }
    }
    return verdicts;
  }

  /** Whether there is such a program. */
  static boolean present(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** The tests directly in a folder of the package. */
  static Path[] filesIn(String folder) throws IOException {
    try (Stream<Path> files = Files.list(PACKAGE.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".test.js"))
          .sorted()
          .toArray(Path[]::new);
    }
  }
}
