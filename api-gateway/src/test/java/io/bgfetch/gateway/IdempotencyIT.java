package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registering under an {@code Idempotency-Key}. */
@WithBackends
@SharedBroker
class IdempotencyIT {

  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

  @TempDir static Path data;
  static RunningGateway gateway;
  static String database;

  @BeforeAll
  static void start(TestBackends backends) {
    database = backends.freshDatabase();
    gateway = start(backends, Map.of());
  }

  private static RunningGateway start(TestBackends backends, Map<String, String> settings) {
    return RunningGateway.start(database, backends.kafkaBootstrapServers(), data, settings);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String random() {
    return UUID.randomUUID().toString();
  }

  private static String document(String id) {
    return "{\"id\":\"" + id + "\",\"requests\":[\"http://a.example/\"]}";
  }

  private static HttpRequest request(RunningGateway at, String key, String type, String body) {
    return at.request("/v1/fetches")
        .header("Content-Type", type)
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> register(String key, String type, String body) {
    return gateway.send(request(gateway, key, type, body));
  }

  private static long registrations() {
    return gateway.number("SELECT count(*) FROM registration");
  }

  @Nested
  class TheSameBody {

    @Test
    void getsTheFirst201AgainWithTheRegistrationsPresentState() {
      String key = random();
      String id = random();
      HttpResponse<String> first = register(key, JSON, document(id));
      gateway.post("/v1/fetches/" + id + "/abort", "text/plain", "");
      long before = registrations();

      HttpResponse<String> again = register(key, JSON, document(id));

      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
      assertThat(again.headers().firstValue("Location"))
          .isEqualTo(first.headers().firstValue("Location"));
      assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
      assertThat(json(again).getString("failureReason")).isEqualTo("aborted");
      assertThat(registrations()).isEqualTo(before);
    }

    @Test
    void isKnownInLinesAndWhateverItsCoding() throws IOException {
      String key = random();
      String lines = "{\"id\":\"" + random() + "\"}\n\"http://a.example/\"\n";
      HttpResponse<String> first = register(key, LINES, lines);

      HttpResponse<String> again =
          gateway.send(
              gateway
                  .request("/v1/fetches")
                  .header("Content-Type", LINES)
                  .header("Content-Encoding", "gzip")
                  .header("Idempotency-Key", key)
                  .POST(BodyPublishers.ofByteArray(Gzip.of(lines)))
                  .build());

      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
      assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
    }

    @Test
    void registersAnewWhenTheFirstRegistrationWasDeleted() {
      String key = random();
      String id = random();
      String first = json(register(key, JSON, document(id))).getString("uid");
      gateway.post("/v1/fetches/" + first + "/abort", "text/plain", "");
      gateway.sql("UPDATE registration SET deleted = true WHERE uid = '" + first + "'");

      HttpResponse<String> again = register(key, JSON, document(id));

      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
      assertThat(json(again).getString("uid")).isNotEqualTo(first);
    }

    @Test
    void registersAnewWhenItsTimeIsOver() {
      String key = random();
      String first = json(register(key, JSON, document(random()))).getString("uid");
      gateway.sql(
          "UPDATE idempotency_key SET valid_until = now() - interval '1 s' WHERE key = '"
              + key
              + "'");

      HttpResponse<String> again = register(key, JSON, document(random()));

      assertThat(json(again).getString("uid")).isNotEqualTo(first);
    }

    @Test
    void isRegisteredOnceHoweverOftenItComesAtOnce() {
      String key = random();
      String id = random();

      List<CompletableFuture<HttpResponse<String>>> all =
          IntStream.range(0, 8)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> register(key, JSON, document(id))))
              .toList();

      assertThat(all.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
          .containsOnly(201);
      assertThat(all.stream().map(CompletableFuture::join).map(a -> json(a).getString("uid")))
          .containsOnly(json(all.getFirst().join()).getString("uid"));
    }
  }

  @Nested
  class AnotherBody {

    @Test
    void is422() {
      String key = random();
      register(key, JSON, document(random()));

      HttpResponse<String> other = register(key, JSON, document(random()));

      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(other.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void isTheSameTextOfAnotherMediaType() {
      String key = random();
      String text = "{\"id\":\"" + random() + "\",\"requests\":\"http://a.example/\"}";
      register(key, JSON, text);

      assertThat(register(key, LINES, text).statusCode()).isEqualTo(422);
    }
  }

  @Nested
  class AFailure {

    @Test
    void isNotRemembered() {
      String key = random();
      String id = random();
      String uid = gateway.registered(id, "http://a.example/");
      HttpResponse<String> refused = register(key, JSON, document(id));
      HttpResponse<String> wrong = register(key, JSON, "{}");
      gateway.post("/v1/fetches/" + uid + "/abort", "text/plain", "");

      HttpResponse<String> registered = register(key, JSON, document(id));

      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(json(refused).getString("detail")).contains(uid);
      assertThat(wrong.statusCode()).isEqualTo(400);
      assertThat(registered.statusCode()).isEqualTo(201);
    }

    /** It is refused before anything of the body is read. */
    @Test
    void ofAFormWithoutABoundaryFreesTheKey() {
      String key = random();
      HttpResponse<String> refused = register(key, "multipart/form-data", "x");

      HttpResponse<String> registered = register(key, JSON, document(random()));

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);
    }
  }

  @Nested
  class WhileTheFirstIsUnderWay {

    @Test
    void theNextOneWaitsForIt() throws IOException {
      String key = random();
      String lines = "{\"id\":\"" + random() + "\"}\n\"http://a.example/\"\n";
      try (Socket first = open(key, lines.length())) {
        first.getOutputStream().write(lines.substring(0, 20).getBytes(StandardCharsets.UTF_8));
        await().until(() -> held(key) == 1);
        CompletableFuture<HttpResponse<String>> second =
            CompletableFuture.supplyAsync(() -> register(key, LINES, lines));
        await()
            .during(Duration.ofMillis(600)) // it looks again every 250 ms
            .until(() -> !second.isDone());
        first.getOutputStream().write(lines.substring(20).getBytes(StandardCharsets.UTF_8));

        assertThat(second.join().statusCode()).isEqualTo(201);
        String answer = new String(first.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
        assertThat(answer).isEqualTo("HTTP/1.1 201");
        String uid = json(second.join()).getString("uid");
        assertThat(json(register(key, LINES, lines)).getString("uid")).isEqualTo(uid);
      }
    }

    @Test
    void theNextOneTakesOverWhenItBreaksOff() throws IOException {
      String key = random();
      String lines = "{\"id\":\"" + random() + "\"}\n\"http://a.example/\"\n";
      CompletableFuture<HttpResponse<String>> second;
      try (Socket first = open(key, lines.length())) {
        first.getOutputStream().write(lines.substring(0, 20).getBytes(StandardCharsets.UTF_8));
        await().until(() -> held(key) == 1);
        second = CompletableFuture.supplyAsync(() -> register(key, LINES, lines));
      }

      assertThat(second.join().statusCode()).isEqualTo(201);
    }

    @Test
    void theNextOneIsAnswered503WhenThatTakesTooLong(TestBackends backends) {
      String key = random();
      hold(key, "1 minute");
      try (RunningGateway hasty = start(backends, Map.of("BGFETCH_IDEMPOTENCY_WAIT", "500ms"))) {

        HttpResponse<String> answer = hasty.send(request(hasty, key, JSON, document(random())));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      }
    }

    @Test
    void aDeadGatewaysKeyIsFreeAfterItsLease() {
      String key = random();
      hold(key, "1 second");

      assertThat(register(key, JSON, document(random())).statusCode()).isEqualTo(201);
    }

    @Test
    void aSlowRequestHoldsItsKeyBeyondOneLease(TestBackends backends) throws IOException {
      String key = random();
      String lines = "{\"id\":\"" + random() + "\"}\n\"http://a.example/\"\n";
      try (RunningGateway eager = start(backends, Map.of("BGFETCH_IDEMPOTENCY_LEASE", "300ms"));
          Socket first = open(eager, key, lines.length())) {
        first.getOutputStream().write(lines.substring(0, 20).getBytes(StandardCharsets.UTF_8));
        await().until(() -> held(key) == 1);
        String began = until(key);

        await().until(() -> held(key) == 1 && !until(key).equals(began));

        first.getOutputStream().write(lines.substring(20).getBytes(StandardCharsets.UTF_8));
        assertThat(new String(first.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
            .isEqualTo("HTTP/1.1 201");
      }
    }

    @Test
    void whoLostItsKeyRegistersNothing() throws IOException {
      String key = random();
      String lines = "{\"id\":\"" + random() + "\"}\n\"http://a.example/\"\n";
      long before = registrations();
      try (Socket first = open(key, lines.length())) {
        first.getOutputStream().write(lines.substring(0, 20).getBytes(StandardCharsets.UTF_8));
        await().until(() -> held(key) == 1);
        gateway.sql(
            "UPDATE idempotency_key SET holder = gen_random_uuid() WHERE key = '" + key + "'");
        first.getOutputStream().write(lines.substring(20).getBytes(StandardCharsets.UTF_8));

        assertThat(new String(first.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
            .isEqualTo("HTTP/1.1 503");
      }
      assertThat(registrations()).isEqualTo(before);
    }

    private void hold(String key, String lease) {
      gateway.sql(
          "INSERT INTO idempotency_key VALUES ('default', '"
              + key
              + "', gen_random_uuid(), now() + interval '"
              + lease
              + "')");
    }

    private long held(String key) {
      return gateway.number(
          "SELECT count(*) FROM idempotency_key WHERE uid IS NULL AND key = '" + key + "'");
    }

    private String until(String key) {
      return gateway
          .texts("SELECT valid_until FROM idempotency_key WHERE key = '" + key + "'")
          .getFirst();
    }

    private Socket open(String key, int length) throws IOException {
      return open(gateway, key, length);
    }

    /** A request of which the body is still to come. */
    private Socket open(RunningGateway at, String key, int length) throws IOException {
      Socket socket = new Socket("127.0.0.1", at.uri("/").getPort());
      String head =
          "POST /v1/fetches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
              + LINES
              + "\r\nIdempotency-Key: "
              + key
              + "\r\nContent-Length: "
              + length
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      return socket;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "ä"})
  void aKeyIsVisibleCharacters(String key) throws IOException {
    assertThat(rawStatus("Idempotency-Key: " + key)).isEqualTo("HTTP/1.1 400");
  }

  @Test
  void aKeyHas1To255Characters() throws IOException {
    assertThat(rawStatus("Idempotency-Key: " + "k".repeat(256))).isEqualTo("HTTP/1.1 400");
    assertThat(rawStatus("Idempotency-Key:")).isEqualTo("HTTP/1.1 400");
    assertThat(register("k".repeat(255), JSON, document(random())).statusCode()).isEqualTo(201);
  }

  private static String rawStatus(String header) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
      String text =
          "POST /v1/fetches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
              + header
              + "\r\nContent-Length: 2\r\n\r\n{}";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
    }
  }

  @Test
  void keysAreSweptWhenTheirTimeIsOver(TestBackends backends) {
    String key = random();
    register(key, JSON, document(random()));
    gateway.sql(
        "UPDATE idempotency_key SET valid_until = now() - interval '1 s' WHERE key = '"
            + key
            + "'");

    try (RunningGateway next = start(backends, Map.of())) {
      await()
          .until(
              () ->
                  next.number("SELECT count(*) FROM idempotency_key WHERE key = '" + key + "'")
                      == 0);
    }
  }

  @Test
  void keysAreRememberedForADay() {
    String key = random();
    JsonObject registration = json(register(key, JSON, document(random())));

    assertThat(
            gateway.number(
                "SELECT count(*) FROM idempotency_key WHERE key = '"
                    + key
                    + "' AND uid = '"
                    + registration.getString("uid")
                    + "' AND valid_until > now() + interval '23 hours 59 minutes'"
                    + " AND valid_until <= now() + interval '24 hours'"))
        .isEqualTo(1);
  }
}
