package io.bgfetch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shell offers after the script of {@code completion}. */
@Timeout(60)
class CompletionTest {
  /** Asks bash's function for the last of these words, as TAB does. */
  private static final String ASK =
      """
      source %s
      complete -p bgfetch > /dev/null || exit 3
      function=$(complete -p bgfetch | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      [ "%s" = next ] && COMP_WORDS+=("") && COMP_CWORD=$((COMP_CWORD + 1))
      COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      $function bgfetch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "bgfetch fe, this, fetch",
    "bgfetch re, this, records resume release retry",
    "./bgfetch compl, this, completion",
    "bgfetch fetch x --down, this, --download-total",
    "bgfetch records x --res, this, --result",
    "bgfetch completion, next, bash zsh"
  })
  void offersWhatFits(String line, String which, String offered) throws Exception {
    assertThat(offers("bash", line, which)).contains(offered.split(" "));
  }

  @Test
  void worksInZsh() throws Exception {
    assumeTrue(isThere("zsh"), "there is no zsh");
    Path script = script("zsh");

    String said =
        run(
            "zsh",
            "-fc",
            "autoload -Uz compinit && compinit -u -D && source %s && echo ${_comps[bgfetch]}"
                .formatted(script));

    assertThat(said).contains("bgfetch");
  }

  private List<String> offers(String shell, String line, String which) throws Exception {
    assumeTrue(isThere("bash"), "there is no bash");
    return run("bash", "--norc", "-c", ASK.formatted(script(shell), line, which)).lines().toList();
  }

  private Path script(String shell) throws Exception {
    CommandRun run = new CommandRun();
    assertThat(run.execute("completion", shell)).isZero();
    return Files.writeString(directory.resolve("completion"), run.out());
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
