package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.client.FetchRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestFileTest {
  private final RequestTemplate template =
      RequestTemplate.of("PUT", List.of(), null, InputStream.nullInputStream());

  @TempDir Path directory;

  @Test
  void takesUrlsAndJson() {
    assertThat(read("http://h/a\r\n\n  http://h/b  \n{\"url\":\"/c\"}\n\"/d\""))
        .extracting(FetchRequest::toString)
        .containsExactly("PUT http://h/a", "PUT http://h/b", "GET /c", "GET /d");
  }

  @Test
  void namesTheLineThatItCannotTake() {
    assertThatThrownBy(() -> read("http://h/a\n\n{\"url\":\n"))
        .isInstanceOfSatisfying(CommandFailure.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageStartingWith("standard input, line 3: not JSON: ");
  }

  @Test
  void takesUtf8Only() throws Exception {
    Path file = Files.write(directory.resolve("urls"), new byte[] {'h', (byte) 0xff, '\n'});

    assertThatThrownBy(() -> open(file.toString()).requests().toList())
        .hasMessage(file + ": not UTF-8");
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThatThrownBy(() -> open(directory.resolve("none").toString()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "cannot read --from-file: "
                + directory.resolve("none")
                + ": no such file or directory");
  }

  private RequestFile open(String name) {
    return RequestFile.open(name, template, InputStream.nullInputStream());
  }

  private List<FetchRequest> read(String text) {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return RequestFile.open("-", template, in).requests().toList();
  }
}
