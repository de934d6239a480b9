package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} names the settings that the code reads: all of them, and no other.
 */
class ConfigurationDocumentTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern IN_CODE = Pattern.compile("\"(BGFETCH_[A-Z_]*[A-Z])\"");
  private static final Pattern IN_TABLE = Pattern.compile("(?m)^\\| `(BGFETCH_[A-Z_]*[A-Z])`");
  private static final Set<String> READ_BY_THE_LAUNCHER = Set.of("BGFETCH_JAVA_OPTS");

  @Test
  void namesEverySettingThatTheCodeReadsAndNoOther() throws IOException {
    Set<String> read = new TreeSet<>(READ_BY_THE_LAUNCHER);
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> read.addAll(names(IN_CODE, file)));
    }

    Set<String> documented = names(IN_TABLE, ROOT.resolve("docs/configuration.md"));

    assertThat(documented).containsExactlyInAnyOrderElementsOf(read);
  }

  private static Set<String> names(Pattern pattern, Path file) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(read(file));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
