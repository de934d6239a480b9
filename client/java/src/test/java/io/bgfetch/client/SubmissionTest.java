package io.bgfetch.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  private static final ObjectNode HEAD = Json.object().put("id", "x");
  private static final List<FetchRequest> TWO =
      List.of(FetchRequest.of("http://h/\u00fc"), FetchRequest.of("x\ny"));

  @Nested
  class InLines {
    @Test
    void isTheSameInPiecesOfAnySize() throws IOException {
      for (int size = 1; size < 40; size++) {
        InputStream body = LinesSubmission.of(HEAD, TWO).open();
        StringBuilder text = new StringBuilder();
        for (byte[] piece = body.readNBytes(size);
            piece.length > 0;
            piece = body.readNBytes(size)) {
          text.append(new String(piece, StandardCharsets.ISO_8859_1));
        }
        assertThat(text.toString().lines())
            .containsExactly(
                "{\"id\":\"x\"}", "{\"url\":\"http://h/\u00c3\u00bc\"}", "{\"url\":\"x\\ny\"}");
      }
    }

    @Test
    void asksForNoMoreThanFits() throws IOException {
      List<FetchRequest> asked = new ArrayList<>();
      Iterator<FetchRequest> endless =
          Stream.generate(
                  () -> {
                    asked.add(FetchRequest.of("http://h/"));
                    return asked.get(asked.size() - 1);
                  })
              .iterator();

      assertThat(LinesSubmission.once(HEAD, endless).open().read(new byte[100])).isEqualTo(100);
      assertThat(asked).hasSizeBetween(5, 6);
    }

    @Test
    void mayBeSentAgainWhenItsListIsOpenedAgain() throws IOException {
      List<String> closed = new ArrayList<>();
      RequestSource source = () -> TWO.stream().onClose(() -> closed.add("closed"));
      LinesSubmission submission = LinesSubmission.of(HEAD, source);

      String first = read(submission);
      assertThat(submission.isRepeatable()).isTrue();
      assertThat(read(submission)).isEqualTo(first);
      assertThat(closed).hasSize(2);
    }

    @Test
    void isSentOnceWhenItsListIsWalkedOnce() throws IOException {
      LinesSubmission submission = LinesSubmission.once(HEAD, TWO.iterator());

      submission.open().close();
      assertThat(submission.isRepeatable()).isTrue();
      read(submission);
      assertThat(submission.isRepeatable()).isFalse();
    }

    @Test
    void takesNoBodyThatIsStreamed() {
      FetchRequest streamed = FetchRequest.of("/a").withBody(InputStream::nullInputStream);

      assertThatThrownBy(() -> read(LinesSubmission.of(HEAD, List.of(streamed))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Collection");
    }
  }

  @Nested
  class AsAForm {
    @Test
    void hasTheDocumentAndThenEachBodyOnce() throws IOException {
      BodySource shared = () -> new ByteArrayInputStream("shared".getBytes(UTF_8));
      FormSubmission form =
          new FormSubmission(
              HEAD,
              List.of(
                  FetchRequest.of("/a").withBody(shared),
                  FetchRequest.of("/b"),
                  FetchRequest.of("/c").withBody("inline"),
                  FetchRequest.of("/d").withBody(shared),
                  FetchRequest.of("/e").withBody(InputStream::nullInputStream)));
      String boundary = form.mediaType().replaceAll(".*=", "");

      String text = read(form);

      assertThat(text)
          .isEqualTo(
              """
              --B
              Content-Disposition: form-data; name="registration"
              Content-Type: application/json

              {"id":"x","requests":[{"url":"/a","bodyPart":"body-0"},{"url":"/b"},\
              {"url":"/c","body":"inline"},{"url":"/d","bodyPart":"body-0"},\
              {"url":"/e","bodyPart":"body-1"}]}
              --B
              Content-Disposition: form-data; name="body-0"
              Content-Type: application/octet-stream

              shared
              --B
              Content-Disposition: form-data; name="body-1"
              Content-Type: application/octet-stream


              --B--
              """
                  .replace("\n", "\r\n")
                  .replace("B\r\n", boundary + "\r\n")
                  .replace("--B--", "--" + boundary + "--"));
      assertThat(read(form)).isEqualTo(text);
    }
  }

  @Nested
  class OnItsWay {
    @Test
    void isNotIdleWhileTheListTakesItsTime() throws IOException {
      List<Duration> idle = new ArrayList<>();
      UploadBody[] body = new UploadBody[1];
      Iterator<FetchRequest> slow =
          Stream.of(1)
              .map(
                  one -> {
                    idle.add(body[0].idle());
                    return FetchRequest.of("http://h/");
                  })
              .iterator();
      body[0] = new UploadBody(LinesSubmission.once(HEAD, slow).open());

      body[0].readAllBytes();

      assertThat(idle).containsExactly(Duration.ZERO);
      assertThat(body[0].idle()).isPositive();
    }

    @Test
    void isTheSameUnpacked() throws IOException {
      String text = "0123456789".repeat(10_000);
      InputStream coded = new GzippedBody(new ByteArrayInputStream(text.getBytes(UTF_8)));
      byte[] bytes = coded.readAllBytes();

      assertThat(bytes.length).isLessThan(2_000);
      assertThat(new GZIPInputStream(new ByteArrayInputStream(bytes))).hasContent(text);
    }
  }

  private static String read(Submission submission) throws IOException {
    try (InputStream body = submission.open()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }
}
