package io.bgfetch.gateway;

import static io.bgfetch.gateway.RecordRows.PLAIN;
import static io.bgfetch.gateway.RecordRows.bytes;
import static io.bgfetch.gateway.RecordRows.first;
import static io.bgfetch.gateway.RecordRows.head;
import static io.bgfetch.gateway.RecordRows.part;
import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading what is still under way, whose rows are written as the shards would write them. */
@WithBackends
@SharedBroker
class LiveBodiesIT {

  private static final int MOST = 4;

  @TempDir static Path data;
  static RunningGateway gateway;
  static RecordRows rows;

  private String uid;
  private String record;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_LIVE_READERS", Integer.toString(MOST)));
    rows = new RecordRows(gateway, data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void register() {
    uid =
        gateway.registered(
            UUID.randomUUID().toString(), JsonArray.of("http://a.example/", "http://a.example/2"));
    record = "/v1/fetches/" + uid + "/records/0";
  }

  private HttpResponse<InputStream> open(String... headers) {
    HttpRequest.Builder request = gateway.request(record + "/body");
    return gateway.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofInputStream());
  }

  private CompletableFuture<HttpResponse<String>> later(String path, String prefer) {
    return CompletableFuture.supplyAsync(
        () -> gateway.send(gateway.request(path).header("Prefer", prefer).build()));
  }

  private long leases() {
    return gateway.number("SELECT count(*) FROM reader WHERE uid = '" + uid + "'");
  }

  @Nested
  class ABodyThatArrives {

    private final byte[] body = bytes(300_000);

    @Test
    void isGivenAsFarAsItIsAndThenAsItComes() throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", body, 100_000, 150_000, 50_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));

      HttpResponse<InputStream> answer = open();
      try (InputStream in = answer.body()) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(in.readNBytes(100_000)).isEqualTo(part(body, 0, 100_000));

        rows.arriving(uid, 0, PLAIN, first(2, all));
        assertThat(in.readNBytes(150_000)).isEqualTo(part(body, 100_000, 250_000));

        rows.succeeded(uid, 0, PLAIN, all, body);
        assertThat(in.readAllBytes()).isEqualTo(part(body, 250_000, 300_000));
      }
      await().until(() -> leases() == 0);
    }

    @Test
    void isForeignAndOfNoKnownLength() throws IOException {
      rows.arriving(uid, 0, head(new JsonObject().put("content-type", "text/html; x=y")), null);

      HttpResponse<InputStream> answer = open();
      try (InputStream in = answer.body()) {
        assertThat(answer.headers().map())
            .containsEntry("content-type", List.of("text/html; x=y"))
            .containsEntry("x-content-type-options", List.of("nosniff"))
            .containsEntry("content-security-policy", List.of("sandbox"))
            .containsEntry("content-disposition", List.of("attachment"))
            .containsEntry("transfer-encoding", List.of("chunked"))
            .doesNotContainKeys("content-length", "etag", "repr-digest", "accept-ranges");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-9", "bytes=5-", "bytes=-1", "bytes=900-", "bytes=0-1,3-4"})
    void isGivenAsAWholeWhateverRangeIsAskedFor(String range) throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", body, 100_000, 200_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));

      HttpResponse<InputStream> answer = open("Range", range, "If-Range", "\"x\"");
      rows.succeeded(uid, 0, PLAIN, all, body);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-range")).isEmpty();
      assertThat(answer.body().readAllBytes()).isEqualTo(body);
    }

    @Test
    void mayTurnOutToBeSmall() throws IOException {
      rows.arriving(uid, 0, PLAIN, null);
      HttpResponse<InputStream> answer = open();

      rows.succeeded(uid, 0, PLAIN, "small".getBytes(StandardCharsets.UTF_8));

      assertThat(answer.body().readAllBytes()).asString().isEqualTo("small");
    }

    @Test
    void mayTurnOutToBeEmpty() throws IOException {
      rows.arriving(uid, 0, PLAIN, null);
      HttpResponse<InputStream> answer = open();

      rows.succeeded(uid, 0, PLAIN, new byte[0]);

      assertThat(answer.body().readAllBytes()).isEmpty();
    }

    @Test
    void isWaitedForWhileItsRegistrationIsPausedOrItsNextTryIsFar() throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", body, 100_000, 200_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));
      HttpResponse<InputStream> answer = open();
      assertThat(answer.body().readNBytes(100_000)).hasSize(100_000);

      gateway.sql("UPDATE registration SET paused = true WHERE uid = '" + uid + "'");
      gateway.sql(
          "UPDATE under_way SET next_try = now() + interval '1h' WHERE uid = '" + uid + "'");
      CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> readAll(answer));
      await().during(Duration.ofMillis(1_200)).until(() -> !rest.isDone());

      rows.succeeded(uid, 0, PLAIN, all, body);
      assertThat(rest.join()).isEqualTo(part(body, 100_000, 300_000));
    }

    @Test
    void mayBeReadByMany() throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", body, 100_000, 200_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));

      HttpResponse<InputStream> one = open();
      HttpResponse<InputStream> other = open();
      assertThat(one.body().readNBytes(10)).hasSize(10);
      rows.succeeded(uid, 0, PLAIN, all, body);

      assertThat(other.body().readAllBytes()).isEqualTo(body);
      assertThat(one.body().readAllBytes()).isEqualTo(part(body, 10, 300_000));
    }

    @Test
    void mayBeReadToItsEndWhenItsRegistrationIsReleasedRightAfterwards() throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", body, 100_000, 200_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));
      HttpResponse<InputStream> answer = open();
      assertThat(answer.body().readNBytes(10)).hasSize(10);

      rows.succeeded(uid, 0, PLAIN, all, body);
      rows.release(uid);

      assertThat(answer.body().readAllBytes()).isEqualTo(part(body, 10, 300_000));
    }

    /** There the cut of a body looks like its end. */
    @Test
    void isNotGivenOverAnOlderHttp() throws IOException {
      rows.arriving(uid, 0, PLAIN, null);

      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort())) {
        String request = "GET " + record + "/body HTTP/1.0\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains(" 409 ", "InvalidStateError");
      }
    }

    private static byte[] readAll(HttpResponse<InputStream> answer) {
      try {
        return answer.body().readAllBytes();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Nested
  class AReaderIsCutOff {

    private static final byte[] BODY = bytes(200_000);

    static Stream<Arguments> whatGoesWrong() {
      return Stream.of(
          wrong("fetch-error", (uid, all) -> rows.ended(uid, 0, "fetch-error")),
          wrong("quota-exceeded", (uid, all) -> rows.ended(uid, 0, "quota-exceeded")),
          wrong("download-total", (uid, all) -> rows.ended(uid, 0, "download-total-exceeded")),
          wrong("aborted record", (uid, all) -> rows.ended(uid, 0, "aborted")),
          wrong(
              "aborted registration",
              (uid, all) -> gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "")),
          wrong(
              "deleted",
              (uid, all) ->
                  gateway.sql("UPDATE registration SET deleted = true WHERE uid = '" + uid + "'")),
          wrong(
              "released without an end that can be read",
              (uid, all) -> {
                gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "");
                rows.release(uid);
              }),
          wrong(
              "bytes of another attempt",
              (uid, all) ->
                  rows.arriving(uid, 0, PLAIN, rows.stored(uid, 0, "2-u", BODY, 100_000, 100_000))),
          wrong("bytes thrown away", (uid, all) -> rows.arriving(uid, 0, null, null)),
          wrong(
              "another response",
              (uid, all) ->
                  rows.arriving(
                      uid, 0, head(new JsonObject().put("content-type", "x/y")), first(2, all))),
          wrong(
              "an end that begins otherwise",
              (uid, all) ->
                  rows.succeeded(
                      uid, 0, PLAIN, rows.stored(uid, 0, "2-u", BODY, 100_000, 100_000), BODY)),
          wrong("an end in the row", (uid, all) -> rows.succeeded(uid, 0, PLAIN, new byte[5])),
          wrong(
              "missing bytes",
              (uid, all) -> {
                rows.deleteBlobs(uid);
                rows.arriving(uid, 0, PLAIN, all);
              }));
    }

    private static Arguments wrong(String name, BiConsumer<String, JsonArray> happens) {
      return Arguments.of(name, happens);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatGoesWrong")
    void whenTheBodyWillNotGoOn(String name, BiConsumer<String, JsonArray> happens)
        throws IOException {
      JsonArray all = rows.stored(uid, 0, "1-t", BODY, 100_000, 100_000);
      rows.arriving(uid, 0, PLAIN, first(1, all));
      InputStream in = open().body();
      assertThat(in.readNBytes(100_000)).isEqualTo(part(BODY, 0, 100_000));

      happens.accept(uid, all);

      assertThatThrownBy(in::readAllBytes).as(name).isInstanceOf(IOException.class);
      await().until(() -> leases() == 0);
    }

    @Test
    void whenItsHeadIsNotThatOfTheBodyAnyMore() {
      rows.arriving(uid, 0, PLAIN, null);
      InputStream in = open().body();

      rows.succeeded(uid, 0, head(new JsonObject()), new byte[5]);

      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  @Nested
  class BeforeTheHeadIsKnown {

    @Test
    void aBodyIsRefused() {
      HttpResponse<String> answer = gateway.get(record + "/body");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      assertThat(answer.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void aBodyIsWaitedForAsItsClientPrefers() {
      CompletableFuture<HttpResponse<String>> waiting = later(record + "/body", "wait=50");
      await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());

      rows.succeeded(uid, 0, PLAIN, "late".getBytes(StandardCharsets.UTF_8));

      HttpResponse<String> answer = waiting.join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("late");
      assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=50");
    }

    @Test
    void aBodyIsRefusedWhenTheTimeIsOver() {
      HttpResponse<String> answer = later(record + "/body", "wait=1").join();

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=1");
    }

    @Test
    void aBodyThatIsWaitedForMayComeToNothing() {
      CompletableFuture<HttpResponse<String>> waiting = later(record + "/body", "wait=50");

      assertThat(gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "").statusCode())
          .isEqualTo(200);

      assertThat(waiting.join().statusCode()).isEqualTo(409);
      assertThat(json(waiting.join()).getString("name")).isEqualTo("AbortError");
    }

    @Test
    void aRecordIsWaitedForUntilItIs() {
      CompletableFuture<HttpResponse<String>> waiting = later(record, "wait=50");
      await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());

      rows.arriving(uid, 0, PLAIN, null);

      JsonObject shown = json(waiting.join());
      assertThat(waiting.join().headers().firstValue("Preference-Applied")).contains("wait=50");
      assertThat(shown.getString("result")).isEmpty();
      assertThat(shown.getInteger("attempts")).isEqualTo(2);
      assertThat(shown.getInteger("downloaded")).isEqualTo(7);
      assertThat(shown.getJsonObject("response"))
          .isEqualTo(PLAIN.copy().put("bodySize", null).put("digest", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch-error", "aborted"})
    void aRecordIsWaitedForUntilItHasEnded(String result) {
      CompletableFuture<HttpResponse<String>> waiting = later(record, "wait=50");

      rows.ended(uid, 0, result);

      assertThat(waiting.join().statusCode()).isEqualTo(200);
      assertThat(json(waiting.join()).getString("result")).isEqualTo(result);
    }

    @Test
    void aRecordIsGivenAsItIsWhenTheTimeIsOver() {
      HttpResponse<String> answer = later(record, "wait=1").join();

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).getString("result")).isEmpty();
      assertThat(json(answer).getValue("response")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/records/7", "/records/7/body"})
    void whatIsNotThereIsNotWaitedFor(String path) {
      assertThat(later("/v1/fetches/" + uid + path, "wait=50").join().statusCode()).isEqualTo(404);
    }

    @Test
    void onlySoManyAreWaitedForAtOnce() throws IOException {
      rows.arriving(uid, 0, PLAIN, null);
      List<InputStream> readers = new ArrayList<>();
      for (int i = 0; i < MOST; i++) {
        readers.add(open().body());
      }

      HttpResponse<InputStream> refused = open();

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      readers.removeFirst().close();
      await()
          .until(
              () -> {
                HttpResponse<InputStream> answer = open();
                readers.add(answer.body());
                return answer.statusCode() == 200;
              });
      for (InputStream reader : readers) {
        reader.close();
      }
    }
  }
}
