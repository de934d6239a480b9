package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/fetches/{ref}/retry}: what failed is registered once more. */
@WithBackends
@SharedBroker
class RetryIT {

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_QUOTA_BYTES", "1GiB"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String id() {
    return "needs/percent encoding " + UUID.randomUUID();
  }

  private static final String BODY = "b".repeat(100_000);

  private static String registered(String id) {
    JsonObject upload =
        new JsonObject()
            .put("url", "/up")
            .put("method", "POST")
            .put("body", BODY)
            .put("redirect", "error")
            .put("integrity", "sha256-x")
            .put("headers", new JsonObject().put("authorization", "secret").put("x-a", "b"));
    JsonObject options =
        new JsonObject(
            """
            {"title": "T", "icons": [{"src": "i.png"}], "downloadTotal": 99, "retentionSeconds": 60,
             "retry": {"limit": 2, "statuses": [503], "unsafe": true},
             "timeouts": {"connect": "1s", "firstByte": "2s", "idle": "3s", "total": "4s"}}
            """);
    HttpResponse<String> answer =
        gateway.register(
            new JsonObject()
                .put("id", id)
                .put("base", "http://a.example/base")
                .put("requests", JsonArray.of("/good", upload, "/never"))
                .put("options", options));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer).getString("uid");
  }

  /** Ends it as aborted, after one success and one bad status. */
  private static void end(String uid) {
    outcomes(uid, "SELECT 0, 'success' UNION ALL SELECT 1, 'bad-status'");
    end(uid, "failure", 2);
  }

  private static void outcomes(String uid, String indexAndResult) {
    gateway.sql(
        "INSERT INTO outcome (uid, index, result, attempts, downloaded, uploaded) SELECT '"
            + uid
            + "', r.*, 1, 0, 0 FROM ("
            + indexAndResult
            + ") AS r");
  }

  private static void end(String uid, String result, int failed) {
    gateway.sql(
        "UPDATE registration SET result = '"
            + result
            + "', settled = total, failed = "
            + failed
            + ", succeeded = total - "
            + failed
            + ", ended_at = now(), version = version + 1, end_version = version + 1 WHERE uid = '"
            + uid
            + "'");
  }

  private static HttpResponse<String> retry(String uid, String body) {
    return gateway.post("/v1/fetches/" + uid + "/retry", "application/json", body);
  }

  private static String column(String what, String uid) {
    return gateway
        .texts("SELECT " + what + " FROM registration WHERE uid = '" + uid + "'")
        .getFirst();
  }

  private static List<String> requests(String what, String uid) {
    return gateway.texts(
        "SELECT " + what + " FROM request WHERE uid = '" + uid + "' ORDER BY index");
  }

  @Test
  void registersWhatFailedAgainWithTheSameOptions() throws IOException {
    String id = id();
    String old = registered(id);
    end(old);
    long stored = gateway.number("SELECT sum(bytes) FROM storage");

    HttpResponse<String> answer = retry(old, "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonObject registration = json(answer);
    String uid = registration.getString("uid");
    assertThat(answer.headers().firstValue("Location")).contains("/v1/fetches/" + uid);
    assertThat(uid).isNotEqualTo(old);
    assertThat(registration.getString("id")).isEqualTo(id);
    assertThat(registration.getString("result")).isEmpty();
    assertThat(registration.getJsonObject("records").getInteger("total")).isEqualTo(2);
    assertThat(registration.getLong("uploadTotal")).isEqualTo(BODY.length());
    String options =
        "(title, icons, base, retry_limit, retry_statuses, retry_unsafe, connect_millis,"
            + " first_byte_millis, idle_millis, total_millis, retention_seconds, download_total,"
            + " all_get)::text";
    assertThat(column(options, uid)).isEqualTo(column(options, old));
    String asked =
        "(url, url_key, method, headers, sealed_headers, body_size, redirect, integrity)::text";
    assertThat(requests(asked, uid)).isEqualTo(requests(asked, old).subList(1, 3));
    assertThat(gateway.number("SELECT sum(bytes) FROM storage") - stored).isEqualTo(BODY.length());
    assertThat(gateway.number("SELECT count(*) FROM loading")).isZero();
  }

  @Test
  void givesTheNewOneBodiesOfItsOwn() throws IOException {
    String old = registered(id());
    end(old);
    String uid = json(retry(old, "")).getString("uid");
    Files.delete(data.resolve("blobs/" + old + "/1/request/0"));

    String segments = requests("body_segments", uid).getFirst();

    assertThat(new JsonArray(segments).getJsonObject(0))
        .isEqualTo(new JsonObject().put("key", uid + "/0/request/0").put("size", BODY.length()));
    assertThat(data.resolve("blobs/" + uid + "/0/request/0")).hasContent(BODY);
  }

  @Test
  void takesAnotherId() {
    String old = registered(id());
    end(old);
    String other = id();

    HttpResponse<String> answer = retry(old, new JsonObject().put("id", other).encode());

    assertThat(json(answer).getString("id")).isEqualTo(other);
  }

  @Test
  void knowsWhenAllThatFailedWereGets() {
    String old = registered(id());
    outcomes(old, "SELECT 0, 'fetch-error' UNION ALL SELECT 1, 'success'");
    end(old, "failure", 2);

    String uid = json(retry(old, "")).getString("uid");

    assertThat(column("all_get", uid)).isEqualTo("t");
    assertThat(requests("url", uid))
        .containsExactly("http://a.example/good", "http://a.example/never");
  }

  @Test
  void keepsTheOrderOfAnyNumberOfRecords() {
    StringBuilder lines = new StringBuilder(new JsonObject().put("id", id()).encode());
    IntStream.range(0, 12_000)
        .forEach(i -> lines.append("\n\"http://a.example/").append(i).append('"'));
    String old =
        json(gateway.post("/v1/fetches", "application/x-ndjson", lines.toString()))
            .getString("uid");
    outcomes(
        old,
        "SELECT i, CASE WHEN i % 3 = 0 THEN 'fetch-error' ELSE 'success' END"
            + " FROM generate_series(0, 11999) AS i");
    end(old, "failure", 4_000);

    JsonObject registration = json(retry(old, ""));

    assertThat(registration.getJsonObject("records").getInteger("total")).isEqualTo(4_000);
    assertThat(
            gateway.number(
                "SELECT count(*) FROM request WHERE uid = '"
                    + registration.getString("uid")
                    + "' AND url = 'http://a.example/' || index * 3"))
        .isEqualTo(4_000);
  }

  @Test
  void isDoneOnceUnderAnIdempotencyKey() {
    String old = registered(id());
    end(old);
    String key = UUID.randomUUID().toString();

    HttpResponse<String> first = keyed(old, key, "");
    HttpResponse<String> again = keyed(old, key, "");
    HttpResponse<String> other = keyed(old, key, "{\"id\":\"other\"}");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
    assertThat(other.statusCode()).isEqualTo(422);
  }

  @Test
  void byIdIsDoneOnceUnderAnIdempotencyKeyThoughTheIdMeansTheNewOneThen() {
    String id = UUID.randomUUID().toString();
    end(registered(id));
    String key = UUID.randomUUID().toString();

    HttpResponse<String> first = keyed(id, key, "");
    HttpResponse<String> again = keyed(id, key, "");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
  }

  @Test
  void isDoneOnceUnderAnIdempotencyKeyThoughItsSourceIsDeletedBeforeTheSecondTime() {
    String old = registered(id());
    end(old);
    String key = UUID.randomUUID().toString();

    HttpResponse<String> first = keyed(old, key, "");
    gateway.sql("UPDATE registration SET deleted = true WHERE uid = '" + old + "'");
    HttpResponse<String> again = keyed(old, key, "");

    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
  }

  private static HttpResponse<String> keyed(String uid, String key, String body) {
    return gateway.send(
        gateway
            .request("/v1/fetches/" + uid + "/retry")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  @Nested
  class IsRefused {

    private static long everything() {
      return gateway.number(
          "SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM request)"
              + " + (SELECT count(*) FROM loading)");
    }

    @Test
    void whileItIsActive() {
      String uid = registered(id());

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
    }

    @Test
    void whenItsRecordsAreNotAvailable() {
      String uid = registered(id());
      end(uid);
      gateway.sql("UPDATE registration SET records_available = false WHERE uid = '" + uid + "'");

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
    }

    @Test
    void whenItsBodiesAreGoneAndNothingIsLeft() throws IOException {
      String uid = registered(id());
      end(uid);
      Files.delete(data.resolve("blobs/" + uid + "/1/request/0"));
      long before = everything();

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whenNothingFailed() {
      String uid = registered(id());
      outcomes(uid, "SELECT i, 'success' FROM generate_series(0, 2) AS i");
      end(uid, "success", 0);

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
    }

    @Test
    void whenTheIdIsActiveAndNothingIsLeft() throws IOException {
      String id = id();
      String uid = registered(id);
      end(uid);
      String active = registered(id);
      long before = everything();

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(json(answer).getString("detail")).contains(active);
      assertThat(everything()).isEqualTo(before);
      try (var blobs = Files.list(data.resolve("blobs"))) {
        assertThat(blobs.map(path -> path.getFileName().toString()))
            .allSatisfy(
                owner ->
                    assertThat(
                            gateway.number(
                                "SELECT count(*) FROM registration WHERE uid = '" + owner + "'"))
                        .isEqualTo(1));
      }
    }

    @Test
    void whenTheIdIsActiveBeforeAnythingIsCopied() throws IOException {
      String id = id();
      String uid = registered(id);
      end(uid);
      registered(id);
      Files.delete(data.resolve("blobs/" + uid + "/1/request/0")); // else it would be missed

      HttpResponse<String> answer = retry(uid, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
    }

    @Test
    void whenItIsNotThere() {
      assertThat(retry(UUID.randomUUID().toString(), "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            {"url": "/"}  | url: there is no such member
            {"id": ""}    | id: has 0 characters
            {"id": 5}     | id: is not a string
            []            | the body is not a JSON object
            """)
    void whenItsBodyIsWrong(String body, String detail) {
      String uid = registered(id());
      end(uid);

      HttpResponse<String> answer = retry(uid, body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("detail")).startsWith(detail);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
    }
  }
}
