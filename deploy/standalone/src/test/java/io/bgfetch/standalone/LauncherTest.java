package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code bgfetch} on a machine that is made up: a checkout, JDKs and a Maven that only
 * say what they were asked for. Of the real machine it sees the tools that scripts need.
 */
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "sed",
          "dirname",
          "readlink",
          "find",
          "head",
          "tail",
          "mkdir",
          "ln",
          "rm",
          "sleep",
          "touch");
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path machine;
  private Path checkout;
  private Path launcher;
  private final Map<String, String> environment = new HashMap<>();

  private record Ending(int status, String out, String err) {}

  @BeforeEach
  void makeUpAMachine() throws IOException {
    checkout = Files.createDirectories(machine.resolve("a checkout"));
    launcher = checkout.resolve("bgfetch");
    String script = Files.readString(Path.of("../../bgfetch"));
    // the usual folders of the real machine are not those of this one
    program(launcher, script.replaceAll("(?<=\\s)/(usr|opt|Library)/[^\\s;]*", "/nowhere"));
    Path tools = Files.createDirectories(machine.resolve("tools"));
    for (String tool : TOOLS) {
      program(tools.resolve(tool), "#!/bin/sh\nexec " + onPath(tool) + " \"$@\"\n");
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", machine.resolve("home").toString());
    source("worker/src/main/java/Worker.java");
  }

  private static Path onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static Path program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path source(String path) throws IOException {
    Path file = checkout.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    return Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  private void built() throws IOException {
    Path target = Files.createDirectories(checkout.resolve("deploy/standalone/target"));
    Files.writeString(target.resolve("bgfetch-standalone.jar"), "");
    Files.writeString(target.resolve("built"), "");
  }

  private Path jdk(String path, String version) throws IOException {
    Path home = machine.resolve(path);
    program(home.resolve("bin/java"), "#!/bin/sh\necho " + version + " \"$@\"\n");
    program(home.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private void maven(String script) throws IOException {
    program(machine.resolve("tools/mvn"), "#!/bin/sh\n" + script);
  }

  private Ending run(Path script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(machine.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes());
    String err = new String(process.getErrorStream().readAllBytes());
    return new Ending(process.waitFor(), out, err);
  }

  @Nested
  class WhenItIsBuilt {
    @BeforeEach
    void build() throws IOException {
      built();
    }

    @Test
    void takesTheJavaOfJavaHome() throws Exception {
      environment.put("JAVA_HOME", jdk("mine", "21.0.1").toString());
      jdk("home/.jdks/newer", "25");

      assertThat(run(launcher).out()).startsWith("21.0.1 ");
    }

    @Test
    void takesTheNewestWhereJavaHomeIsTooOld() throws Exception {
      environment.put("JAVA_HOME", jdk("mine", "17.0.9").toString());
      jdk("home/.jdks/a", "21.0.3");
      jdk("home/.sdkman/candidates/java/b", "25.0.1");
      jdk("home/.jdks/c", "24");

      assertThat(run(launcher).out()).startsWith("25.0.1 ");
    }

    @Test
    void takesTheJavaOnThePath() throws Exception {
      Path home = jdk("installed", "22");
      Files.createSymbolicLink(machine.resolve("tools/java"), home.resolve("bin/java"));
      environment.compute("PATH", (name, path) -> home.resolve("bin") + ":" + path);

      assertThat(run(launcher).out()).startsWith("22 ");
    }

    @Test
    void saysWhatToInstallWhereThereIsNone() throws Exception {
      jdk("home/.jdks/old", "17");

      Ending ending = run(launcher);

      assertThat(ending.status()).isEqualTo(2);
      assertThat(ending.err().lines())
          .singleElement()
          .asString()
          .contains("JDK 21 or newer", "apt install", "adoptium.net");
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
      jdk("home/.jdks/jdk", "25");

      assertThat(run(launcher, "fetch", "an id", "@file").out()).endsWith(" fetch an id @file\n");
    }

    @Test
    void putsTheOptionsOfItsUserLast() throws Exception {
      jdk("home/.jdks/jdk", "25");
      environment.put("BGFETCH_JAVA_OPTS", "-Xmx2g -Dx=y");

      assertThat(run(launcher, "worker").out()).matches("(?s).*-Xmx\\S+ .* -Xmx2g -Dx=y -jar .*");
    }

    @Test
    void asksAnOlderJavaForNothingThatItDoesNotKnow() throws Exception {
      jdk("home/.jdks/jdk", "21");

      assertThat(run(launcher, "up").out()).doesNotContain("--sun-misc-unsafe-memory-access");
    }

    @Test
    void worksThroughLinks() throws Exception {
      jdk("home/.jdks/jdk", "25");
      Path first = Files.createSymbolicLink(machine.resolve("first"), launcher);
      Path second = Files.createSymbolicLink(machine.resolve("second"), Path.of("first"));

      assertThat(run(second).out()).contains(checkout + "/deploy/standalone/target/");
      assertThat(first).exists();
    }
  }

  @Nested
  class WhenASourceIsNewer {
    @BeforeEach
    void change() throws IOException {
      jdk("home/.jdks/jdk", "25");
      built();
      Files.setLastModifiedTime(
          source("worker/src/main/java/Worker.java"), FileTime.from(Instant.now().plusSeconds(5)));
    }

    @Test
    void buildsWithTheJavaThatItFound() throws Exception {
      maven("echo \"$JAVA_HOME $@\" > called");

      Ending ending = run(launcher, "list");

      assertThat(ending.out()).startsWith("25 ").endsWith(" list\n");
      assertThat(ending.err()).hasLineCount(1).contains("building");
      assertThat(checkout.resolve("called"))
          .content()
          .contains("home/.jdks/jdk", "package", "-pl deploy/standalone");
    }

    @Test
    void saysWhyTheBuildFailed() throws Exception {
      maven("echo 'Worker.java: this is wrong'; exit 1");

      Ending ending = run(launcher, "list");

      assertThat(ending.status()).isEqualTo(2);
      assertThat(ending.out()).isEmpty();
      assertThat(ending.err()).contains("this is wrong", "build.log");
      assertThat(checkout.resolve("deploy/standalone/target/building")).doesNotExist();
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
      Ending ending = run(launcher, "list");

      assertThat(ending.status()).isEqualTo(2);
      assertThat(ending.err()).contains("Maven");
    }

    @Test
    void isNotHeldUpByABuildThatWasKilled() throws Exception {
      maven("true");
      Process ended = new ProcessBuilder("true").start();
      ended.waitFor();
      Files.createSymbolicLink(
          checkout.resolve("deploy/standalone/target/building"),
          Path.of(Long.toString(ended.pid())));

      assertThat(run(launcher, "list").status()).isZero();
    }
  }

  @Test
  void buildsWhatWasNeverBuilt() throws Exception {
    jdk("home/.jdks/jdk", "25");
    maven("touch called");

    assertThat(run(launcher, "list").err()).contains("building");
    assertThat(checkout.resolve("called")).exists();
  }
}
