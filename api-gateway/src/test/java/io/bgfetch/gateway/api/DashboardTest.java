package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DashboardTest {
  private static final Path SOURCE = Path.of("src/main/resources/io/bgfetch/gateway/dashboard");
  private static final String SHARED = "server-sent-events.js";

  @Test
  void servesEveryFileOfItsFolderAndTheSharedModule() throws IOException {
    try (Stream<Path> files = Files.list(SOURCE)) {
      List<String> names =
          Stream.concat(files.map(file -> file.getFileName().toString()), Stream.of(SHARED))
              .sorted()
              .toList();

      assertThat(Dashboard.FILES.stream().sorted().toList()).isEqualTo(names);
    }
  }

  @Test
  void everyModuleThatIsImportedIsServed() throws IOException {
    Pattern imported = Pattern.compile("from '\\./([^']+)'");
    for (String name : Dashboard.FILES) {
      if (name.endsWith(".js") && !name.equals(SHARED)) {
        String module = Files.readString(SOURCE.resolve(name));
        assertThat(imported.matcher(module).results().map(MatchResult::group).toList())
            .as(name)
            .allSatisfy(
                line ->
                    assertThat(Dashboard.FILES).contains(imported.matcher(line).replaceAll("$1")));
      }
    }
  }

  /** What makes markup of text has no place here: the browser would refuse it, too. */
  @Test
  void noModuleMakesMarkupOfText() throws IOException {
    for (String name : Dashboard.FILES) {
      if (name.endsWith(".js") && !name.equals(SHARED)) {
        assertThat(Files.readString(SOURCE.resolve(name)))
            .as(name)
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
            .doesNotContain("eval(", "Function(", "DOMParser", "setHTML");
      }
    }
  }
}
