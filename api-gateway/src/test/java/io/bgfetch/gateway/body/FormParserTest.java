package io.bgfetch.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormParserTest {

  private final Parts parts = new Parts();

  /** What a parser gave: names and contents. */
  private static final class Parts implements FormParser.Sink {

    final List<String> names = new ArrayList<>();
    final List<Buffer> contents = new ArrayList<>();
    int ended;

    @Override
    public void begin(PartHead head) {
      names.add(head.name());
      contents.add(Buffer.buffer());
    }

    @Override
    public void content(Buffer piece) {
      contents.getLast().appendBuffer(piece);
    }

    @Override
    public void partEnd() {
      ended++;
    }

    List<String> texts() {
      return contents.stream().map(Buffer::toString).toList();
    }
  }

  private void parse(String boundary, Buffer form, int pieceSize) {
    FormParser parser = new FormParser(boundary, parts);
    for (int at = 0; at < form.length(); at += pieceSize) {
      parser.parse(form.getBuffer(at, Math.min(form.length(), at + pieceSize)));
    }
    parser.end();
  }

  private static String part(String name, String content) {
    return "--cut\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + content
        + "\r\n";
  }

  private String refused(String form) {
    return catchThrowableOfType(
            ProblemException.class, () -> parse("cut", Buffer.buffer(form), 1_000_000))
        .problem()
        .detail();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64, 4096})
  void givesThePartsWhereverThePiecesEnd(int pieceSize) {
    String nearly = "\r\n--cu\r\n-\r\n--\r\r\n--cu";
    String form = part("a", "one") + part("b", "") + part("c", nearly) + "--cut--\r\n";

    parse("cut", Buffer.buffer(form), pieceSize);

    assertThat(parts.names).containsExactly("a", "b", "c");
    assertThat(parts.texts()).containsExactly("one", "", nearly);
    assertThat(parts.ended).isEqualTo(3);
  }

  @Test
  void givesBytesAsTheyAre() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Buffer form =
        Buffer.buffer("--cut\r\nContent-Disposition: form-data; name=a\r\n\r\n")
            .appendBytes(bytes)
            .appendString("\r\n--cut--");

    parse("cut", form, 8_192);

    assertThat(parts.contents.getFirst().getBytes()).isEqualTo(bytes);
  }

  @Test
  void skipsWhatStandsBeforeAndBehindTheParts() {
    parse("cut", Buffer.buffer("preamble\r\n" + part("a", "1") + "--cut--\r\nepilogue --cut"), 5);

    assertThat(parts.texts()).containsExactly("1");
  }

  @Test
  void allowsWhiteSpaceBehindABoundary() {
    parse("cut", Buffer.buffer(part("a", "1").replace("--cut\r", "--cut \t\r") + "--cut--"), 1);

    assertThat(parts.texts()).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          form-data; name="a b"                            | a b
          form-data; name=a                                | a
          FORM-DATA; NAME="a"; filename="b.txt"            | a
          form-data; filename="x;name=no"; name="yes"      | yes
          form-data; name="a\\"b\\\\c"                     | a"b\\c
          form-data; name="a%22b"                          | a"b
          form-data; name="ü"                              | ü
          """)
  void readsNames(String disposition, String name) {
    String form = "--cut\r\ncontent-disposition:" + disposition + "\r\nX: y\r\n\r\n1\r\n--cut--";

    parse("cut", Buffer.buffer(form), 100);

    assertThat(parts.names).containsExactly(name);
  }

  @Test
  void refusesWhatIsMalformed() {
    assertThat(refused("")).contains("breaks off");
    assertThat(refused("no parts at all")).contains("breaks off");
    assertThat(refused(part("a", "1"))).contains("breaks off");
    assertThat(refused(part("a", "1") + "--cut")).contains("breaks off");
    assertThat(refused("--cutter\r\n\r\n")).contains("where it is none");
    assertThat(refused("--cut\r\n\r\n1\r\n--cut--")).contains("no Content-Disposition");
    assertThat(refused("--cut\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--cut--"))
        .contains("no Content-Disposition");
    assertThat(refused("--cut\r\nContent-Disposition: form-data\r\n\r\n1\r\n--cut--"))
        .contains("no Content-Disposition");
    assertThat(refused("--cut\r\nnonsense\r\n\r\n1\r\n--cut--")).contains("no header");
    assertThat(
            refused(
                part("a", "1")
                    .replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n")))
        .contains("Content-Transfer-Encoding");
    assertThat(refused("--cut\r\nX: " + "x".repeat(17_000))).contains("head of more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b ", "a\"b", "ä"})
  void refusesABoundaryThatIsNone(String boundary) {
    assertThat(
            catchThrowableOfType(ProblemException.class, () -> new FormParser(boundary, parts))
                .problem()
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesABoundaryThatIsTooLong() {
    String longest = "b".repeat(70);
    parse(longest, Buffer.buffer("--" + longest + "--", StandardCharsets.US_ASCII.name()), 10);

    assertThat(
            catchThrowableOfType(
                ProblemException.class, () -> new FormParser(longest + "b", parts)))
        .isNotNull();
  }
}
