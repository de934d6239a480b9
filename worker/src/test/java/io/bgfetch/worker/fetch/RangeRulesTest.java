package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.worker.fetch.ContentRange.Part;
import io.bgfetch.worker.fetch.RangeAnswer.AllHere;
import io.bgfetch.worker.fetch.RangeAnswer.Anew;
import io.bgfetch.worker.fetch.RangeAnswer.Invalid;
import io.bgfetch.worker.fetch.RangeAnswer.Onward;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeRulesTest {

  private static final Map<String, String> VALIDATORS =
      Map.of("etag", "\"v1\"", "last-modified", "yesterday");

  private static RecordResponse head(int status, Map<String, String> headers, Long length) {
    return new RecordResponse("http://a.example/", false, status, "", headers, length);
  }

  @Nested
  class ABody {

    @ParameterizedTest
    @CsvSource({
      "GET, 200, identity, true",
      "GET, 200, '', true",
      "GET, 206, '', true",
      "GET, 200, gzip, false",
      "GET, 404, '', false",
      "GET, 503, '', false",
      "HEAD, 200, '', false",
      "OPTIONS, 200, '', false",
      "POST, 200, '', false"
    })
    void mayBeResumedOnlyWhereARangeOfItMeansTheSameBytes(
        String method, int status, String coding, boolean resumable) {
      RecordResponse head = head(status, Map.of("content-encoding", coding), null);

      assertThat(RangeRules.resumable(method, head)).isEqualTo(resumable);
    }
  }

  @Nested
  class TheAnswerToARequestForTheWhole {

    private RangeAnswer answer(String method, int status, String contentRange) {
      return answer(method, head(status, Map.of(), 4L), contentRange);
    }

    private RangeAnswer answer(String method, RecordResponse head, String contentRange) {
      return RangeRules.ofWhole(method, head, List.of(contentRange));
    }

    @Test
    void isTheWholeWhateverItsContentRangeSays() {
      RecordResponse head = head(200, Map.of(), 4L);

      assertThat(answer("GET", head, "bytes 2-3/4")).isEqualTo(new Anew(head, null));
    }

    @Test
    void countsFromByteZeroWhenItIsAPart() {
      assertThat(answer("GET", 206, "bytes 0-3/10"))
          .isEqualTo(new Anew(head(206, Map.of(), 10L), new Part(0, 3, 10L)));
      assertThat(answer("GET", 206, "bytes 0-3/*"))
          .isEqualTo(new Anew(head(206, Map.of(), null), new Part(0, 3, null)));
      assertThat(answer("GET", 206, "bytes 1-3/10")).isInstanceOf(Invalid.class);
      assertThat(answer("GET", 206, "bytes */10")).isInstanceOf(Invalid.class);
      assertThat(answer("GET", 206, "")).isInstanceOf(Invalid.class);
    }

    @Test
    void isInvalidWhereTheRestOfItCannotBeAskedFor() {
      RecordResponse coded = head(206, Map.of("content-encoding", "gzip"), null);

      assertThat(answer("POST", 206, "bytes 0-3/10")).isInstanceOf(Invalid.class);
      assertThat(answer("POST", 206, "bytes 0-3/4")).isInstanceOf(Anew.class);
      assertThat(answer("GET", coded, "bytes 0-3/10")).isInstanceOf(Invalid.class);
      assertThat(answer("GET", coded, "bytes 0-3/4"))
          .isEqualTo(new Anew(coded, new Part(0, 3, 4L)));
    }

    @Test
    void hasNoPartWithoutABody() {
      assertThat(answer("HEAD", 206, "bytes 0-3/10")).isInstanceOf(Anew.class);
    }
  }

  @Nested
  class TheAnswerToARequestForTheRest {

    private RangeAnswer rest(Long known, int status, Map<String, String> headers, String range) {
      return RangeRules.ofRest(
          head(200, VALIDATORS, known), 5, head(status, headers, null), List.of(range));
    }

    private RangeAnswer part(Long known, String range) {
      return rest(known, 206, VALIDATORS, range);
    }

    @Test
    void goesOnWhereTheBytesEnd() {
      assertThat(part(10L, "bytes 5-9/10")).isEqualTo(new Onward(new Part(5, 9, 10L), 10L));
      assertThat(part(10L, "bytes 5-5/10")).isInstanceOf(Onward.class);
      assertThat(part(10L, "bytes 4-9/10")).isInstanceOf(Invalid.class);
      assertThat(part(10L, "bytes 6-9/10")).isInstanceOf(Invalid.class);
    }

    @Test
    void agreesOnTheLengthAsFarAsItIsKnown() {
      assertThat(part(10L, "bytes 5-9/11")).isInstanceOf(Invalid.class);
      assertThat(part(null, "bytes 5-9/11")).isEqualTo(new Onward(new Part(5, 9, 11L), 11L));
      assertThat(part(null, "bytes 5-9/*")).isEqualTo(new Onward(new Part(5, 9, null), null));
      assertThat(part(10L, "bytes 5-8/*")).isEqualTo(new Onward(new Part(5, 8, null), 10L));
      assertThat(part(10L, "bytes 5-10/*")).isInstanceOf(Invalid.class);
    }

    @Test
    void isOfTheSameRepresentation() {
      assertThat(rest(10L, 206, Map.of("etag", "\"v1\""), "bytes 5-9/10"))
          .isInstanceOf(Invalid.class);
      assertThat(rest(10L, 206, Map.of("last-modified", "yesterday"), "bytes 5-9/10"))
          .isInstanceOf(Invalid.class);
      assertThat(
              rest(
                  10L,
                  206,
                  Map.of("etag", "W/\"v1\"", "last-modified", "yesterday"),
                  "bytes 5-9/10"))
          .isInstanceOf(Invalid.class);
    }

    @Test
    void mayHaveValidatorsThatTheFirstHadNot() {
      assertThat(
              RangeRules.ofRest(
                  head(200, Map.of(), 10L),
                  5,
                  head(206, VALIDATORS, null),
                  List.of("bytes 5-9/10")))
          .isInstanceOf(Onward.class);
    }

    @Test
    void isNotCoded() {
      Map<String, String> coded =
          Map.of("etag", "\"v1\"", "last-modified", "yesterday", "content-encoding", "br");

      assertThat(rest(10L, 206, coded, "bytes 5-9/10")).isInstanceOf(Invalid.class);
    }

    @Test
    void maySayThatThereIsNothingMore() {
      assertThat(rest(null, 416, Map.of(), "bytes */5")).isEqualTo(new AllHere());
      assertThat(rest(null, 416, Map.of(), "bytes */4")).isInstanceOf(Anew.class);
      assertThat(rest(null, 416, Map.of(), "")).isInstanceOf(Anew.class);
    }

    @ParameterizedTest
    @CsvSource({"200", "204", "304", "404", "500"})
    void isOtherwiseAResponseOfItsOwn(int status) {
      assertThat(rest(10L, status, VALIDATORS, "bytes 5-9/10")).isInstanceOf(Anew.class);
    }
  }
}
