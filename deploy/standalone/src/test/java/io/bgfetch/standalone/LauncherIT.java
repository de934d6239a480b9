package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that people run, from another directory and through a link. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LauncherIT {
  @TempDir private Path directory;
  private Path launcher;

  @BeforeEach
  void link() throws Exception {
    launcher =
        Files.createSymbolicLink(
            directory.resolve("linked"), Path.of("../../bgfetch").toRealPath());
  }

  @AfterEach
  void unlink() throws Exception {
    Files.delete(launcher);
  }

  private BgfetchProcess run(Map<String, String> settings, String... command) {
    return BgfetchProcess.start(directory, settings, List.of(command));
  }

  @Test
  void runsClientCommands() throws Exception {
    try (BgfetchProcess version = run(Map.of(), launcher.toString(), "--version")) {
      assertThat(version.awaitExit()).as(version.err()).isZero();
      assertThat(version.out()).startsWith("bgfetch ");
    }
  }

  @Test
  void passesJavaOptionsOn() throws Exception {
    Map<String, String> options = Map.of("BGFETCH_JAVA_OPTS", "-Xmx96m -XX:+PrintFlagsFinal");

    try (BgfetchProcess version = run(options, launcher.toString(), "--version")) {
      assertThat(version.awaitExit()).as(version.err()).isZero();
      assertThat(version.out().lines())
          .anySatisfy(line -> assertThat(line).contains("MaxHeapSize", "100663296"));
    }
  }

  @Test
  void demonstratesAFetch() throws Exception {
    Map<String, String> temporary = Map.of("BGFETCH_JAVA_OPTS", "-Djava.io.tmpdir=" + directory);

    try (BgfetchProcess demo = run(temporary, launcher.toString(), "demo")) {
      assertThat(demo.awaitExit()).as("%s%s", demo.out(), demo.err()).isZero();
      assertThat(demo.out()).contains("12 of 12 bodies", "(redirected)");
      assertThat(demo.err()).isEmpty();
    }
    try (var left = Files.list(directory)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("bgfetch-demo")))
          .isEmpty();
    }
  }
}
