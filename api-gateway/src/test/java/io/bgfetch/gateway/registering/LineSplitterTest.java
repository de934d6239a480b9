package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {

  private static final String TEXT = "{\"id\":\"ä\"}\n\"one\"\r\n\n  \n\"two\"\n\"the last\"";

  private final List<String> lines = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
  void findsTheSameLinesWhereverPiecesEnd(int size) {
    LineSplitter splitter = new LineSplitter(100);
    Buffer all = Buffer.buffer(TEXT);

    for (int i = 0; i < all.length(); i += size) {
      splitter.split(all.getBuffer(i, Math.min(i + size, all.length())), this::keep);
    }
    splitter.end(this::keep);

    assertThat(lines).containsExactly("{\"id\":\"ä\"}", "\"one\"", "\"two\"", "\"the last\"");
  }

  @Test
  void refusesALineThatIsTooLongBeforeItEnds() {
    LineSplitter splitter = new LineSplitter(10);
    splitter.split(Buffer.buffer("1234567890\n12345"), this::keep);

    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class, () -> splitter.split(Buffer.buffer("678901"), this::keep));

    assertThat(lines).containsExactly("1234567890");
    assertThat(refused.problem().status()).isEqualTo(413);
  }

  private void keep(Buffer line) {
    lines.add(line.toString().strip());
  }
}
