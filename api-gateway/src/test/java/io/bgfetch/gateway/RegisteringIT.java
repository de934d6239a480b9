package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@WithBackends
@SharedBroker
class RegisteringIT {

  private static final String LINES = "application/x-ndjson";

  @TempDir static Path data;
  static RunningGateway gateway;

  static String database;

  @BeforeAll
  static void start(TestBackends backends) {
    database = backends.freshDatabase();
    gateway =
        RunningGateway.start(
            database,
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_ACTIVE_REGISTRATIONS", "100"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static JsonObject registration(String id, Object requests) {
    return new JsonObject()
        .put("id", id)
        .put("base", "https://example.com/")
        .put("requests", requests);
  }

  private static long stored() {
    return gateway.number(
        "SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM request)"
            + " + (SELECT count(*) FROM loading)");
  }

  @Test
  void answersWithTheRegistrationAndWhereItIs() {
    JsonObject options = new JsonObject().put("title", "Episode 5").put("downloadTotal", 9);
    HttpResponse<String> answer =
        gateway.register(
            registration("my-fetch", JsonArray.of("/ep-5.mp3", "art.jpg")).put("options", options));

    assertThat(answer.statusCode()).isEqualTo(201);
    JsonObject registration = json(answer);
    String uid = registration.getString("uid");
    assertThat(UUID.fromString(uid).version()).isEqualTo(7);
    assertThat(answer.headers().firstValue("Location")).contains("/v1/fetches/" + uid);
    assertThat(registration.getString("id")).isEqualTo("my-fetch");
    assertThat(registration.getString("title")).isEqualTo("Episode 5");
    assertThat(registration.getLong("downloadTotal")).isEqualTo(9);
    assertThat(registration.getString("result")).isEmpty();
    assertThat(registration.getJsonObject("records").getInteger("total")).isEqualTo(2);
    assertThat(json(gateway.get("/v1/fetches/" + uid)).getString("id")).isEqualTo("my-fetch");
    assertThat(json(gateway.get("/v1/fetches/my-fetch")).getString("uid")).isEqualTo(uid);
  }

  @Test
  void refusesAnIdThatIsActive() {
    String id = id();
    String uid = gateway.registered(id, "http://a.example/");

    HttpResponse<String> answer = gateway.register(registration(id, "/"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).getString("name")).isEqualTo("TypeError");
    assertThat(json(answer).getString("detail")).endsWith(uid);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void givesAnIdFreeWhenItsRegistrationIsAborted() {
    String id = id();
    String first = gateway.registered(id, "http://a.example/");
    assertThat(json(gateway.post("/v1/fetches/" + id + "/abort", "text/plain", "")))
        .isEqualTo(new JsonObject().put("aborted", true));

    String second = gateway.registered(id, "http://a.example/");

    assertThat(second).isNotEqualTo(first);
    assertThat(json(gateway.get("/v1/fetches/" + id)).getString("uid")).isEqualTo(second);
    assertThat(json(gateway.get("/v1/fetches/" + first)).getString("failureReason"))
        .isEqualTo("aborted");
    assertThat(json(gateway.post("/v1/fetches/" + first + "/abort", "text/plain", "")))
        .isEqualTo(new JsonObject().put("aborted", false));
  }

  @Test
  void keepsLargeBodiesInTheBlobStore() throws IOException {
    byte[] body = new byte[100_000];
    java.util.Arrays.fill(body, (byte) 7);
    JsonObject request =
        new JsonObject()
            .put("url", "/up")
            .put("method", "POST")
            .put("bodyBase64", Base64.getEncoder().encodeToString(body));

    JsonObject registration =
        json(gateway.register(registration(id(), JsonArray.of("/", request))));

    String uid = registration.getString("uid");
    assertThat(registration.getLong("uploadTotal")).isEqualTo(100_000);
    assertThat(data.resolve("blobs/" + uid + "/1/request/0")).hasBinaryContent(body);
    assertThat(gateway.number("SELECT count(*) FROM loading")).isZero();
  }

  @Test
  void takesAnyNumberOfLinesInGzipOrNot() throws IOException {
    String head = new JsonObject().put("id", id()).put("base", "http://a.example/").encode();
    byte[] lines = (head + "\n\n\"/one\"\r\n{\"url\":\"/two\"}").getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/fetches")
                .header("Content-Type", LINES)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(coded(lines, "gzip")))
                .build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String uid = json(answer).getString("uid");
    JsonArray records =
        json(gateway.get("/v1/fetches/" + uid + "/records")).getJsonArray("records");
    assertThat(
            records.stream().map(r -> ((JsonObject) r).getJsonObject("request").getString("url")))
        .containsExactly("http://a.example/one", "http://a.example/two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip"})
  void takesAHundredThousandLines(String coding) throws IOException {
    int count = 100_000;
    String head = new JsonObject().put("id", id()).put("base", "http://a.example/").encode();

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/fetches")
                .header("Content-Type", LINES)
                .header("Content-Encoding", coding)
                .POST(BodyPublishers.ofByteArray(coded(lines(head, count), coding)))
                .build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String uid = json(answer).getString("uid");
    assertThat(json(answer).getJsonObject("records").getInteger("total")).isEqualTo(count);
    assertThat(
            gateway.number(
                "SELECT count(DISTINCT index) FROM request WHERE uid = '"
                    + uid
                    + "' AND url = 'http://a.example/' || index"))
        .isEqualTo(count);
    assertThat(gateway.number("SELECT count(*) FROM loading")).isZero();
  }

  @Test
  void takesADocumentOfAHundredThousandRequests() throws IOException {
    int count = 100_000;
    JsonArray urls = new JsonArray();
    IntStream.range(0, count).forEach(i -> urls.add("http://a.example/" + i));
    byte[] document =
        coded(registration(id(), urls).encode().getBytes(StandardCharsets.UTF_8), "gzip");

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/fetches")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(document))
                .build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String uid = json(answer).getString("uid");
    assertThat(
            gateway.number(
                "SELECT count(DISTINCT index) FROM request WHERE uid = '"
                    + uid
                    + "' AND url = 'http://a.example/' || index"))
        .isEqualTo(count);
  }

  @Test
  void knowsWhetherAllRequestsAreGets() {
    StringBuilder gets = new StringBuilder("\n{\"url\":\"http://a.example/\",\"method\":\"get\"}");
    IntStream.range(0, 2_500).forEach(i -> gets.append("\n\"http://a.example/\""));
    String post = "\n{\"url\":\"http://a.example/\",\"method\":\"POST\"}";
    String head = "{\"id\":\"" + id() + "\"}";

    String allGet = json(gateway.post("/v1/fetches", LINES, head + gets)).getString("uid");
    head = "{\"id\":\"" + id() + "\"}";
    String notAll = json(gateway.post("/v1/fetches", LINES, head + post + gets)).getString("uid");

    assertThat(allGet(allGet)).isEqualTo("t");
    assertThat(allGet(notAll)).isEqualTo("f");
    assertThat(allGet(gateway.registered(id(), "http://a.example/"))).isEqualTo("t");
  }

  private static String allGet(String uid) {
    return gateway.texts("SELECT all_get FROM registration WHERE uid = '" + uid + "'").getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b c?d#e%f", "😀", "\"\\ \n", ".."})
  void takesAnyId(String id) {
    String longest = id + "é".repeat(1_024 - id.codePointCount(0, id.length()));

    String uid = gateway.registered(longest, "http://a.example/");

    String encoded = URLEncoder.encode(longest, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(json(gateway.get("/v1/fetches/" + encoded)).getString("uid")).isEqualTo(uid);
    assertThat(json(gateway.get("/v1/fetches?id=" + encoded)).getJsonArray("registrations"))
        .hasSize(1);
  }

  @Test
  void countsWhatATenantStores() {
    long before = gateway.number("SELECT coalesce(sum(bytes), 0) FROM storage");
    JsonObject request =
        new JsonObject().put("url", "/").put("method", "POST").put("body", "12345");

    gateway.register(registration(id(), JsonArray.of(request, request)));

    assertThat(gateway.number("SELECT sum(bytes) FROM storage") - before).isEqualTo(10);
  }

  @Test
  void hasAMostOfDocumentsInMemory(TestBackends backends) throws IOException {
    String document = registration(id(), "/" + "a".repeat(7_000)).encode();

    hasAMostInMemory(backends, "application/json", document);
  }

  @Test
  void hasAMostOfLinesInMemory(TestBackends backends) throws IOException {
    String line = new JsonObject().put("url", "http://a.example/" + "a".repeat(6_900)).encode();

    hasAMostInMemory(backends, "application/x-ndjson", "{\"id\": \"" + id() + "\"}\n" + line);
  }

  private static void hasAMostInMemory(TestBackends backends, String type, String body)
      throws IOException {
    try (RunningGateway small =
            RunningGateway.start(
                database,
                backends.kafkaBootstrapServers(),
                data,
                Map.of("BGFETCH_LIMIT_JSON", "8KiB", "BGFETCH_LIMIT_JSON_TOGETHER", "16KiB"));
        Socket first = new Socket("127.0.0.1", small.uri("/").getPort())) {
      String head =
          "POST /v1/fetches HTTP/1.1\r\nHost: 127.0.0.1\r\n"
              + "Content-Type: %s\r\nContent-Length: 8000\r\n\r\n".formatted(type);
      first
          .getOutputStream()
          .write((head + body.substring(0, 6_900)).getBytes(StandardCharsets.UTF_8));

      await().until(() -> small.post("/v1/fetches", type, body).statusCode() == 503);
      assertThat(small.post("/v1/fetches", type, body).headers().firstValue("Retry-After"))
          .isPresent();

      first.close();
      await().until(() -> small.post("/v1/fetches", type, body).statusCode() != 503);
    }
  }

  private static byte[] lines(String head, int count) {
    StringBuilder lines = new StringBuilder(head).append('\n');
    IntStream.range(0, count).forEach(i -> lines.append("\"/").append(i).append("\"\n"));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] coded(byte[] plain, String coding) throws IOException {
    if (coding.equals("identity")) {
      return plain;
    }
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
      gzip.write(plain);
    }
    return coded.toByteArray();
  }

  @Test
  void sweepsWhatADeadGatewayLeftUnfinished(TestBackends backends) {
    String dead = json(gateway.register(registration(id(), "/"))).getString("uid");
    gateway.sql("DELETE FROM registration WHERE uid = '" + dead + "'");
    gateway.sql("INSERT INTO loading VALUES ('" + dead + "', now() - interval '2 hours')");
    String requests = "SELECT count(*) FROM request WHERE uid = '" + dead + "'";
    assertThat(gateway.number(requests)).isEqualTo(1);

    try (RunningGateway next =
        RunningGateway.start(database, backends.kafkaBootstrapServers(), data)) {
      await().until(() -> next.number(requests) == 0);
      await().until(() -> next.number("SELECT count(*) FROM loading") == 0);
    }
  }

  /** A process of a version that counted no storage ran beside one that took it off. */
  @Test
  void takesStorageBelowZeroForNone() {
    gateway.sql("INSERT INTO storage (tenant, shard, bytes) VALUES ('default', 99, -1000000)");
    String document = registration(id(), JsonArray.of(bodyPart("a"))).encode();
    String form = part("registration", document) + part("a", "12345") + "--cut--\r\n";

    HttpResponse<String> answer =
        gateway.post("/v1/fetches", "multipart/form-data; boundary=cut", form);
    gateway.sql("DELETE FROM storage WHERE shard = 99");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static JsonObject bodyPart(String part) {
    return new JsonObject().put("url", "/").put("method", "PUT").put("bodyPart", part);
  }

  private static String part(String name, String content) {
    return "--cut\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, content);
  }

  @Test
  void hasAMostOfActiveRegistrations() {
    List<String> ids = IntStream.range(0, 120).mapToObj(i -> "many-" + i).toList();
    int last = 201;
    for (String id : ids) {
      last = gateway.register(registration(id, "/")).statusCode();
      if (last != 201) {
        break;
      }
    }
    int activeId = gateway.register(registration(ids.getFirst(), "/")).statusCode();
    int wrongList = gateway.register(registration(ids.getFirst(), "ftp://b.example/")).statusCode();
    gateway.sql(
        "UPDATE registration SET result = 'failure', failure_reason = 'aborted', settled = total,"
            + " failed = total - succeeded, ended_at = now(), end_version = version + 1,"
            + " version = version + 1 WHERE id LIKE 'many-%' AND result = ''");

    assertThat(last).isEqualTo(429);
    assertThat(activeId).as("is looked at after the number").isEqualTo(429);
    assertThat(wrongList).as("is looked at before the number").isEqualTo(400);
    assertThat(gateway.register(registration(id(), "/")).statusCode()).isEqualTo(201);
  }

  @Nested
  class WhatIsWrong {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            {"id":"x","requests":[]}                                        | 400 | requests: the list is empty
            {"id":"x"}                                                      | 400 | requests: is not a URL
            {"id":"x","requests":5}                                         | 400 | requests: is not a URL
            {"id":"x","requests":"http://a.example/","requests":[]}         | 400 | requests: stands there twice
            {"id":"x","requests":[{"url":"http://a.example/","colour":1}]}  | 400 | request 0: colour: there is no such member
            {"id":"x","requests":[{"url":"http://a.example/","method":"PUT","bodyPart":"a"}]} | 400 | request 0: bodyPart: there are no parts
            {"id":"x","requests":["http://a.example/","ftp://b.example/"]}  | 400 | request 1: url: is not http or https
            {"id":"x","requests":["/relative"]}                             | 400 | request 0: url:
            {"id":"x","requests":["http://a.example/"],"colour":1}          | 400 | colour: there is no such member
            {"id":"x","requests":["http://a.example/"],"options":{"a":1}}   | 400 | options.a: there is no such member
            {"id":"","requests":["http://a.example/"]}                      | 400 | id: has 0 characters
            {"id":"x","requests":["http://a.example/"                       | 400 | the body is not JSON: line 1
            """)
    void isNamedAndNothingIsStored(String body, int status, String detail) {
      long before = stored();

      HttpResponse<String> answer = gateway.post("/v1/fetches", "application/json", body);

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(json(answer).getString("detail")).startsWith(detail);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"nowhere\"", "not json", "{\"url\":7}"})
    void isNamedWithItsLineAndNothingIsLeft(String wrong) {
      long before = stored();
      StringBuilder body = new StringBuilder("{\"id\":\"x\"}\n");
      IntStream.range(0, 5_000).forEach(i -> body.append("\"http://a.example/\"\n"));
      body.append(wrong).append("\n\"http://a.example/\"\n");

      HttpResponse<String> answer = gateway.post("/v1/fetches", LINES, body.toString());

      assertThat(answer.statusCode()).isEqualTo(400);
      JsonArray errors = json(answer).getJsonArray("errors");
      assertThat(errors.size()).isEqualTo(1);
      assertThat(errors.getJsonObject(0).getInteger("index")).isEqualTo(5_000);
      assertThat(stored()).isEqualTo(before);
    }

    @Test
    void isALineThatIsTooLong() {
      long before = stored();
      String body = "{\"id\":\"x\"}\n\"http://a.example/\"\n\"" + "a".repeat(2 << 20) + "\"\n";

      assertThat(gateway.post("/v1/fetches", LINES, body).statusCode()).isEqualTo(413);
      assertThat(stored()).isEqualTo(before);
    }

    @Test
    void isADocumentThatIsTooLong() {
      String body = "{\"id\":\"x\",\"requests\":[\"" + "a".repeat(17 << 20) + "\"]}";

      assertThat(gateway.post("/v1/fetches", "application/json", body).statusCode()).isEqualTo(413);
    }

    @Test
    void isAContentCodingThatNobodyKnows() {
      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request("/v1/fetches")
                  .header("Content-Type", "application/json")
                  .header("Content-Encoding", "br")
                  .POST(BodyPublishers.ofString("{}"))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void comesBeforeWhatIsTooLarge() {
      String large = "a".repeat(2 << 20);
      String body = "{\"id\":\"x\"}\n\"nowhere\"\n\"http://a.example/\"\n\"" + large + "\"\n";

      HttpResponse<String> answer = gateway.post("/v1/fetches", LINES, body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getJsonArray("errors").getJsonObject(0).getInteger("index")).isZero();
    }

    @Test
    void isAMediaTypeThatNobodyKnows() {
      HttpResponse<String> answer = gateway.post("/v1/fetches", "text/plain", "{}");

      assertThat(answer.statusCode()).isEqualTo(415);
      assertThat(json(answer).containsKey("name")).isFalse();
    }

    @Test
    void isAConnectionThatBreaksOff() throws IOException {
      long before = stored();
      try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
        StringBuilder body = new StringBuilder("{\"id\":\"x\"}\n");
        IntStream.range(0, 3_000).forEach(i -> body.append("\"http://a.example/\"\n"));
        String head =
            "POST /v1/fetches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                + LINES
                + "\r\nContent-Length: 1000000\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        await().until(() -> stored() > before);
      }

      await().untilAsserted(() -> assertThat(stored()).isEqualTo(before));
    }

    @Test
    void leavesNoBodiesBehind() throws IOException {
      JsonObject request =
          new JsonObject().put("url", "/").put("method", "POST").put("body", "b".repeat(50_000));
      String id = id();
      gateway.registered(id, "http://a.example/");

      assertThat(gateway.register(registration(id, request)).statusCode()).isEqualTo(409);

      assertThat(gateway.number("SELECT count(*) FROM loading")).isZero();
      try (Stream<Path> blobs = Files.walk(data.resolve("blobs"))) {
        List<String> left =
            blobs.filter(Files::isRegularFile).map(data::relativize).map(Path::toString).toList();
        assertThat(left)
            .allSatisfy(
                blob ->
                    assertThat(
                            gateway.number(
                                "SELECT count(*) FROM registration WHERE uid = '"
                                    + blob.split("/")[1]
                                    + "'"))
                        .isEqualTo(1));
      }
    }
  }
}
