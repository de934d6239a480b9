package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
  private final FileNames names = new FileNames();

  @ParameterizedTest
  @CsvSource({
    "https://h/ep-5.mp3, ep-5.mp3",
    "https://h/a/b/ep%205.mp3?x=/y#/z, ep 5.mp3",
    "https://h/%C3%BC.txt, ü.txt",
    "https://h, index",
    "https://h/, index",
    "https://h/a/, index",
    "https://h?x=a/b, index",
    "https://h/100%, 100%",
    "https://h/%zz, %zz"
  })
  void areTheLastPartOfThePath(String url, String name) {
    assertThat(names.of(url)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h/..",
        "https://h/%2e%2e",
        "https://h/..%2F..%2Fetc%2Fpasswd",
        "https://h/%2Fetc%2Fpasswd",
        "https://h/..%5C..%5Cwindows",
        "https://h/C%3A%5Cx",
        "https://h/%00",
        "https://h/a%00b",
        "https://h/%0A%1B%5B2J",
        "https://h/.bashrc",
        "https://h/.",
        "https://h/%20",
        "https://h/%FF%FE",
        "https://h/...",
        "https://h/%E2%80%AEgpj.exe"
      })
  void neverLeadOutOfTheDirectory(String url) {
    Path directory = Path.of("/dir");
    String name = names.of(url);

    assertThat(directory.resolve(name).normalize().getParent()).isEqualTo(directory);
    assertThat(name).isNotEmpty().doesNotStartWith(".").doesNotContainPattern("[\\p{Cc}/\\\\:]");
  }

  @Test
  void areGivenOnce() {
    assertThat(names.of("https://a/x.tar")).isEqualTo("x.tar");
    assertThat(names.of("https://b/x.tar")).isEqualTo("x-2.tar");
    assertThat(names.of("https://c/x-3.tar")).isEqualTo("x-3.tar");
    assertThat(names.of("https://d/x.tar")).isEqualTo("x-4.tar");
    assertThat(names.of("https://d/X.TAR")).isEqualTo("X-5.TAR");
    assertThat(names.of("https://d/")).isEqualTo("index");
    assertThat(names.of("https://e/")).isEqualTo("index-2");
  }

  @Test
  void areShortEnoughForAFileSystem() {
    String name = names.of("https://h/" + "%F0%9F%98%80".repeat(200) + ".mp3");

    assertThat(name).endsWith("\uD83D\uDE00.mp3");
    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(200);
    assertThat(names.of("https://h/" + "%F0%9F%98%80".repeat(200) + ".mp3")).endsWith("-2.mp3");
  }
}
