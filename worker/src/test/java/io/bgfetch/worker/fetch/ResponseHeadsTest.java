package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseHeadsTest {

  @Test
  void haveLowerCaseNamesAndJoinedValuesWithoutWhatIsNotExposed() {
    MultiMap received =
        HttpHeaders.headers()
            .add("Vary", "Accept")
            .add("vary", "Origin")
            .add("ETag", "\"1\"")
            .add("Set-Cookie", "a=b")
            .add("Content-Length", "5")
            .add("Content-Range", "bytes 0-4/5");

    assertThat(ResponseHeads.headers(received))
        .isEqualTo(Map.of("vary", "Accept, Origin", "etag", "\"1\""));
  }

  @Test
  void leaveOutLinesThatAreNoHeaders() {
    MultiMap received = MultiMap.caseInsensitiveMultiMap().add("no header", "").add("a-b", "c");

    assertThat(ResponseHeads.headers(received)).isEqualTo(Map.of("a-b", "c"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 200, false",
    "HEAD, 200, true",
    "GET, 204, true",
    "GET, 205, true",
    "GET, 304, true",
    "GET, 404, false"
  })
  void sayWhichResponsesHaveNoBody(String method, int status, boolean bodiless) {
    assertThat(ResponseHeads.bodiless(method, status)).isEqualTo(bodiless);
  }
}
