package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The types of the JavaScript client, by the compiler that its lock file names, in a copy of the
 * package.
 */
class JavaScriptTypesTest {
  private static final List<String> PACKAGE_FILES =
      List.of("package.json", "package-lock.json", "index.js", "index.d.ts");
  private static final List<String> TYPE_TESTS =
      List.of("test/types/tsconfig.json", "test/types/sample.ts");
  private static final Path COPY = Path.of("target", "javascript-types").toAbsolutePath();

  @BeforeAll
  static void install() throws Exception {
    assumeTrue(NodeTests.present("node") && NodeTests.present("npm"), "Node and npm are there");
    boolean installed =
        sameAsInPackage("package-lock.json")
            && Files.exists(COPY.resolve("node_modules/.package-lock.json"));
    for (String file : Stream.concat(PACKAGE_FILES.stream(), TYPE_TESTS.stream()).toList()) {
      Path copy = COPY.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(NodeTests.PACKAGE.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!installed) {
      run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }
  }

  private static boolean sameAsInPackage(String file) throws IOException {
    Path copy = COPY.resolve(file);
    return Files.exists(copy) && Files.mismatch(copy, NodeTests.PACKAGE.resolve(file)) < 0;
  }

  @Test
  void fitWhatAProgramDoesWithTheClient() throws Exception {
    run("node", "node_modules/typescript/bin/tsc", "--project", "test/types");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Path said = Files.createTempFile(COPY, "said-", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(COPY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("%s ends", List.of(command)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", List.of(command), Files.readString(said)).isZero();
    Files.delete(said);
  }
}
