package io.bgfetch.testkit;

import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static java.net.http.HttpResponse.BodyHandlers.ofByteArray;
import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OriginTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(Redirect.NORMAL)
          .build();
  private Origin origin;

  @BeforeEach
  void start() {
    origin = Origin.start();
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    origin.close();
  }

  @Nested
  class Bytes {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 65_536, 65_537, 1_000_003})
    void areThoseOfTheirSeed(int length) throws Exception {
      HttpResponse<byte[]> response = get("/bytes/" + length + "?seed=7", ofByteArray());

      assertThat(response.body()).isEqualTo(Origin.bytes(7, length)).hasSize(length);
      assertThat(response.headers().firstValueAsLong("content-length")).hasValue(length);
    }

    @Test
    void differFromThoseOfAnotherSeed() {
      assertThat(Origin.bytes(1, 100)).isNotEqualTo(Origin.bytes(2, 100));
    }

    @Test
    void areSplitMix64() {
      assertThat(HexFormat.of().formatHex(Origin.bytes(0, 8))).isEqualTo("afcd1d7b39a820e2");
    }

    @Test
    void areReadFromAnywhere() {
      byte[] all = Origin.bytes(3, 100);

      assertThat(new RandomBytes(3).read(13, 50)).isEqualTo(Arrays.copyOfRange(all, 13, 63));
    }

    @Test
    void haveTheDigestThatIsTold() throws Exception {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Origin.bytes(5, 200_001));

      assertThat(Origin.sha256(5, 200_001)).isEqualTo(HexFormat.of().formatHex(digest));
    }

    @Test
    void streamWithoutBeingHeldInMemory() throws Exception {
      long length = 256L << 20;
      HttpResponse<InputStream> response = get("/bytes/" + length + "?seed=9", ofInputStream());
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream body = new DigestInputStream(response.body(), digest)) {
        body.transferTo(OutputStream.nullOutputStream());
      }

      assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(Origin.sha256(9, length));
    }

    @Test
    void areNotSentForHead() throws Exception {
      HttpRequest head = request("/bytes/100").HEAD().build();

      HttpResponse<byte[]> response = client.send(head, ofByteArray());

      assertThat(response.headers().firstValueAsLong("content-length")).hasValue(100);
      assertThat(response.body()).isEmpty();
    }
  }

  @Nested
  class GoodPages {
    @Test
    void slowAnswersLikeThePageBehindIt() throws Exception {
      assertThat(get("/slow/50/bytes/10?seed=4", ofByteArray()).body())
          .isEqualTo(Origin.bytes(4, 10));
      assertThat(get("/slow/50", ofString()).body()).isEqualTo("slow");
    }

    @Test
    void slowKeepsTheRequestBody() throws Exception {
      HttpRequest post = request("/slow/50/echo").POST(BodyPublishers.ofString("kept")).build();

      JsonObject seen = new JsonObject(client.send(post, ofString()).body());

      assertThat(seen.getString("body")).isEqualTo("kept");
    }

    @Test
    void dripSendsTheSameBytes() throws Exception {
      assertThat(get("/drip/10?seed=4&chunk=3&every=10", ofByteArray()).body())
          .isEqualTo(Origin.bytes(4, 10));
    }

    @Test
    void statusIsTheOneAskedFor() throws Exception {
      assertThat(get("/status/503", discarding()).statusCode()).isEqualTo(503);
    }

    @Test
    void redirectsLeadToTheEnd() throws Exception {
      HttpResponse<String> response = get("/redirect/3", ofString());

      assertThat(response.body()).isEqualTo("arrived");
      assertThat(origin.requests()).isEqualTo(4);
    }

    @Test
    void redirectToLeadsAnywhere() throws Exception {
      HttpResponse<String> response = get("/redirect-to?status=307&url=/status/201", ofString());

      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.previousResponse().orElseThrow().statusCode()).isEqualTo(307);
    }

    @Test
    void echoShowsWhatWasSent() throws Exception {
      HttpRequest put =
          request("/echo?q=1")
              .header("X-Test", "a")
              .header("X-Test", "b")
              .PUT(BodyPublishers.ofString("text"))
              .build();

      JsonObject seen = new JsonObject(client.send(put, ofString()).body());

      assertThat(seen.getString("method")).isEqualTo("PUT");
      assertThat(seen.getString("uri")).isEqualTo("/echo?q=1");
      assertThat(seen.getJsonObject("headers").getString("x-test")).isEqualTo("a, b");
      assertThat(seen.getString("body")).isEqualTo("text");
      assertThat(seen.getBinary("bodyBase64")).asString().isEqualTo("text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/unknown"})
    void othersAreNotThere(String path) throws Exception {
      assertThat(get(path, discarding()).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bytes", "/bytes/x", "/bytes/-1", "/bytes/1?seed=x"})
    void badParametersAreTold(String path) throws Exception {
      assertThat(get(path, discarding()).statusCode()).isEqualTo(400);
    }

    @Test
    void aTestCanAddItsOwn() throws Exception {
      origin.on("/own", request -> request.response().end("mine"));

      assertThat(get("/own?with=query", ofString()).body()).isEqualTo("mine");
    }
  }

  @Nested
  class BadPages {
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 200_000})
    void cutSendsSoManyBytesAndCloses(int sent) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      List<OptionalLong> lengths = new ArrayList<>();

      // Each part as it comes: an InputStream forgets what it has when the connection breaks.
      assertThatThrownBy(
              () ->
                  get(
                      "/cut/1000000/" + sent + "?seed=6",
                      head -> {
                        lengths.add(head.headers().firstValueAsLong("content-length"));
                        return BodySubscribers.ofByteArrayConsumer(
                            part -> part.ifPresent(body::writeBytes));
                      }))
          .isInstanceOf(IOException.class);

      assertThat(lengths).containsExactly(OptionalLong.of(1_000_000));
      assertThat(body.toByteArray()).isEqualTo(Origin.bytes(6, sent));
    }

    @Test
    void neverIsOpenUntilTheClientGivesUp() {
      HttpRequest get = request("/never").timeout(Duration.ofMillis(300)).build();

      assertThatThrownBy(() -> client.send(get, discarding()))
          .isInstanceOf(HttpTimeoutException.class);
      assertThat(origin.requests("/never")).isEqualTo(1);
      await().atMost(SOON).untilAsserted(() -> assertThat(origin.open()).isZero());
    }

    @Test
    void resetIsNoCleanClose() {
      assertThatThrownBy(() -> get("/reset", discarding()))
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining(SocketException.class.getName());
    }

    @Test
    void flakyResetsSoOftenPerKey() throws Exception {
      for (String key : List.of("a", "b")) {
        String path = "/flaky/2?key=" + key;
        assertThatThrownBy(() -> post(path)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post(path)).isInstanceOf(IOException.class);
        assertThat(post(path).body()).isEqualTo("at last");
      }
    }

    /** By POST: the client tries a GET again by itself. */
    private HttpResponse<String> post(String path) throws Exception {
      return client.send(request(path).POST(BodyPublishers.noBody()).build(), ofString());
    }
  }

  @Nested
  class Counting {
    @Test
    void knowsPathsAndHeads() throws Exception {
      get("/status/200?a=1", discarding());
      get("/status/200", discarding());
      get("/status/404", discarding());

      assertThat(origin.requests()).isEqualTo(3);
      assertThat(origin.requests("/status/200")).isEqualTo(2);
      assertThat(origin.heads())
          .extracting(Origin.Head::uri)
          .containsExactly("/status/200?a=1", "/status/200", "/status/404");
      assertThat(origin.heads().getFirst().headers().get("host")).startsWith("127.0.0.1:");
    }

    @Test
    void knowsHowManyWereAnsweredAtOneTime() throws Exception {
      Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
      origin.on("/held", held::add);
      List<CompletableFuture<HttpResponse<Void>>> answers =
          IntStream.range(0, 5).mapToObj(i -> getAsync("/held")).toList();
      origin.awaitRequests(5, SOON);
      await().atMost(SOON).until(() -> held.size() == 5);
      held.forEach(request -> request.response().end());
      answers.forEach(CompletableFuture::join);
      get("/status/200", discarding());

      assertThat(origin.maxConcurrent()).isEqualTo(5);
      await().atMost(SOON).untilAsserted(() -> assertThat(origin.open()).isZero());
    }

    @Test
    void failsWhenRequestsDoNotCome() {
      assertThatThrownBy(() -> origin.awaitRequests(1, Duration.ofMillis(10)))
          .isInstanceOf(AssertionError.class)
          .hasMessage("0 of 1 requests have come within PT0.01S");
    }
  }

  @Test
  void givesItsPortBackAndComesAgainOnIt() throws Exception {
    int port = origin.port();
    origin.close();
    assertThatThrownBy(() -> client.send(to(port), discarding()))
        .isInstanceOf(ConnectException.class);

    origin = Origin.start(port);

    assertThat(client.send(to(port), discarding()).statusCode()).isEqualTo(200);
  }

  private static HttpRequest to(int port) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/status/200")).build();
  }

  private CompletableFuture<HttpResponse<Void>> getAsync(String path) {
    return client.sendAsync(request(path).build(), discarding());
  }

  private <T> HttpResponse<T> get(String path, HttpResponse.BodyHandler<T> body) throws Exception {
    return client.send(request(path).build(), body);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(origin.url(path)));
  }
}
