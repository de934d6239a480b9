package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin may answer to an unsafe request, without ever getting it a second time. */
class SentOnceTest {

  @TempDir static Path directory;
  private static Origin origin;
  private static FetchUnderTest worker;

  @BeforeAll
  static void start() {
    origin = Origin.start();
    worker = new FetchUnderTest(directory, Map.of());
  }

  @AfterAll
  static void stop() {
    worker.close();
    origin.close();
  }

  private static FetchRequest post(String url) {
    StoredBody body = new StoredBody.Inline("pay".getBytes(StandardCharsets.UTF_8));
    return FetchUnderTest.request("POST", url, Map.of(), body);
  }

  @Test
  void andNotAtAllWhereTheConnectionIsRefusedWhichMayBeTriedAgain() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    Broke broke = worker.broke(post("http://127.0.0.1:" + port + "/"));

    assertThat(broke.error()).isEqualTo("connection refused");
    assertThat(broke.uploaded()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void whenItsRedirectLeadsToAPartOfABody(int status) {
    byte[] body = Origin.bytes(3, 100);
    String pay = "/pay" + status;
    String result = "/result" + status;
    origin.on(
        pay,
        request ->
            request.endHandler(
                end ->
                    request.response().setStatusCode(status).putHeader("Location", result).end()));
    origin.on(result, Answer.inTurn(Answer.part(body, 0, 9), Answer.part(body, 10, 99)));

    Settled settled = worker.settled(post(origin.url(pay)));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).startsWith("invalid 206: ");
    assertThat(origin.requests(pay)).isEqualTo(1);
    assertThat(origin.requests(result)).isEqualTo(1);
  }
}
