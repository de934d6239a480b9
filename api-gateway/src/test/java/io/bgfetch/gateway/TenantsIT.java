package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.gateway.api.HttpSettings;
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
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys tell tenants apart, and no tenant sees anything of another. */
@WithBackends
@SharedBroker
class TenantsIT {

  private static final String SHOP = "shop-key-0123456789";
  private static final String SHOP_NEXT = "shop-next-0123456789";
  private static final String REPORTS = "reports-key-0123456789";
  private static final String READER = "reader-key-0123456789";

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of(
                "BGFETCH_API_KEYS",
                "shop:%s, shop:%s, reports:%s, reader:%s"
                    .formatted(SHOP, SHOP_NEXT, REPORTS, READER),
                "BGFETCH_NO_REGISTERING",
                "reader"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpResponse<String> send(String key, String method, String path, String body) {
    HttpRequest.Builder request =
        gateway
            .request(path)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return gateway.send(request.header("Authorization", "Bearer " + key).build());
  }

  private static HttpResponse<String> register(String key, String id) {
    return send(
        key,
        "POST",
        "/v1/fetches",
        new JsonObject().put("id", id).put("requests", "http://a.example/").encode());
  }

  @Test
  void aRequestWithoutAKnownKeyIsRefused() {
    HttpResponse<String> none = gateway.get("/v1/fetches");
    HttpResponse<String> unknown = send("nobody-key-0123456789", "GET", "/v1/fetches", null);

    assertThat(List.of(none.statusCode(), unknown.statusCode())).containsOnly(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"bgfetch\"");
    assertThat(json(unknown).getString("detail")).isEqualTo("the key is not known here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x/../v1/fetches",
        "/./v1/fetches",
        "//v1/fetches",
        "/%761/fetches",
        "/health/../v1/fetches"
      })
  void aPathThatIsWrittenInAnotherWayNeedsAKeyToo(String path) throws IOException {
    String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n";

    assertThat(firstLine(head + "\r\n")).startsWith("HTTP/1.1 401");
    assertThat(firstLine(head + "X-Api-Key: " + SHOP + "\r\n\r\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void nobodyIsToldToSendABodyThatIsNotWanted() throws IOException {
    String head =
        "POST /v1/fetches HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
            + "Expect: 100-continue\r\n";
    String json = "Content-Type: application/json\r\n";

    assertThat(firstLine(head + json + "\r\n")).startsWith("HTTP/1.1 401");
    assertThat(firstLine(head + json + "X-Api-Key: " + READER + "\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(firstLine(head + "Content-Type: text/plain\r\nX-Api-Key: " + SHOP + "\r\n\r\n"))
        .startsWith("HTTP/1.1 415");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /v1/fetches", "POST /v1/fetches/a/match", "PATCH /v1/fetches/a"})
  void isToldToSendABodyThatIsWanted(String call) throws IOException {
    String head = call + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n";

    assertThat(
            firstLine(
                head
                    + "Content-Type: application/json\r\nX-Api-Key: "
                    + SHOP
                    + "\r\nExpect: 100-continue\r\n\r\n"))
        .startsWith("HTTP/1.1 100");
  }

  private static String firstLine(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes(12);
      return new String(line, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aTenantMayHaveSeveralKeysInEitherHeader() {
    String uid = json(register(SHOP, "keys")).getString("uid");

    HttpResponse<String> other =
        gateway.send(gateway.request("/v1/fetches/" + uid).header("X-Api-Key", SHOP_NEXT).build());

    assertThat(json(other).getString("id")).isEqualTo("keys");
  }

  @Test
  void whatIsForEverybodyNeedsNoKey() {
    assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/openapi.yaml").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/metrics").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/dashboard/main.js").statusCode()).isEqualTo(200);
  }

  @Test
  void aTenantThatMayNotRegisterIsToldSo() {
    HttpResponse<String> answer = register(READER, "mine");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(json(answer).getString("name")).isEqualTo("NotAllowedError");
    assertThat(send(READER, "GET", "/v1/fetches", null).statusCode()).isEqualTo(200);
  }

  /** The body that is announced never comes. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer " + READER + "\r\n"})
  void isToldBeforeTheBodyIsRead(String header) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
      String head =
          "POST /v1/fetches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: 100000\r\n"
              + header
              + "\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.US_ASCII))
          .isEqualTo(header.isEmpty() ? "HTTP/1.1 401" : "HTTP/1.1 403");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/fetches/%s",
        "GET /v1/fetches/%s/records",
        "GET /v1/fetches/%s/records/0",
        "GET /v1/fetches/%s/records/0/body",
        "GET /v1/fetches/%s/records/0/request-body",
        "GET /v1/fetches/%s/events",
        "POST /v1/fetches/%s/match",
        "POST /v1/fetches/%s/matchAll",
        "POST /v1/fetches/%s/abort",
        "POST /v1/fetches/%s/pause",
        "POST /v1/fetches/%s/resume",
        "POST /v1/fetches/%s/release",
        "POST /v1/fetches/%s/click",
        "POST /v1/fetches/%s/retry",
        "PATCH /v1/fetches/%s"
      })
  void whatBelongsToAnotherIsNotThere(String call) {
    String uid = json(register(SHOP, call)).getString("uid");
    String[] parts = call.formatted(uid).split(" ");

    HttpResponse<String> answer = send(REPORTS, parts[0], parts[1], bodyOf(parts));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain(uid);
    assertThat(json(send(SHOP, "GET", "/v1/fetches/" + uid, null)).getString("result")).isEmpty();
  }

  private static String bodyOf(String... methodAndPath) {
    if (methodAndPath[0].equals("GET")) {
      return null;
    }
    return methodAndPath[1].contains("/match") ? "{\"request\": \"http://a.example/\"}" : "{}";
  }

  @Test
  void isNotDeletedByAnother() {
    String uid = json(register(SHOP, "to-delete")).getString("uid");

    assertThat(send(REPORTS, "DELETE", "/v1/fetches/" + uid, null).statusCode()).isEqualTo(204);

    assertThat(send(SHOP, "GET", "/v1/fetches/" + uid, null).statusCode()).isEqualTo(200);
  }

  @Test
  void idsAndListsBelongToATenant() {
    assertThat(register(SHOP, "same").statusCode()).isEqualTo(201);
    assertThat(register(SHOP, "same").statusCode()).isEqualTo(409);

    assertThat(register(REPORTS, "same").statusCode()).isEqualTo(201);
    assertThat(send(REPORTS, "GET", "/v1/fetches?limit=1000", null).body())
        .contains("\"same\"")
        .doesNotContain("to-delete", "keys");
  }

  @Test
  void anIdempotencyKeyBelongsToATenant() {
    String key = UUID.randomUUID().toString();

    HttpResponse<String> first = registerUnder(key, SHOP);
    HttpResponse<String> other = registerUnder(key, REPORTS);

    assertThat(List.of(first.statusCode(), other.statusCode())).containsOnly(201);
    assertThat(json(other).getString("uid")).isNotEqualTo(json(first).getString("uid"));
    assertThat(json(registerUnder(key, SHOP)).getString("uid"))
        .isEqualTo(json(first).getString("uid"));
  }

  private static HttpResponse<String> registerUnder(String idempotencyKey, String key) {
    return gateway.send(
        gateway
            .request("/v1/fetches")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .header("X-Api-Key", key)
            .POST(
                BodyPublishers.ofString("{\"id\": \"keyed\", \"requests\": \"http://a.example/\"}"))
            .build());
  }

  @Test
  void eventsOfAllAreThoseOfATenant() throws IOException {
    String before = json(register(SHOP, "events-before")).getString("uid");
    HttpRequest.Builder request = gateway.request("/v1/events");
    try (EventReader reader =
        new EventReader(gateway, request.header("X-Api-Key", REPORTS).build())) {
      String after = json(register(SHOP, "events-after")).getString("uid");
      send(SHOP, "POST", "/v1/fetches/" + after + "/abort", null);
      String own = json(register(REPORTS, "events-own")).getString("uid");
      send(REPORTS, "POST", "/v1/fetches/" + own + "/abort", null);

      await().until(() -> has(reader, own, "backgroundfetchabort"));
      assertThat(reader.events()).noneMatch(e -> e.uid().equals(before) || e.uid().equals(after));
    }
  }

  private static boolean has(EventReader reader, String uid, String type) {
    return reader.events().stream().anyMatch(e -> e.uid().equals(uid) && e.type().equals(type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop",
        "shop:short",
        "sh op:0123456789abcdef",
        "a:0123456789abcdef,b:0123456789abcdef"
      })
  void keysThatCannotBeReadAreRefusedAndNotShown(String keys) {
    Settings settings = Settings.of(Map.of("BGFETCH_API_KEYS", keys), new Properties());

    assertThatThrownBy(() -> HttpSettings.from(settings))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("BGFETCH_API_KEYS")
        .hasMessageNotContaining("0123456789abcdef");
  }

  @Test
  void withKeysItMayListenAnywhere() {
    Map<String, String> open = Map.of("BGFETCH_HTTP_HOST", "0.0.0.0");
    Map<String, String> keyed =
        Map.of("BGFETCH_HTTP_HOST", "0.0.0.0", "BGFETCH_API_KEYS", "shop:" + SHOP);

    assertThatThrownBy(() -> HttpSettings.from(Settings.of(open, new Properties())))
        .isInstanceOf(SettingException.class);
    assertThat(HttpSettings.from(Settings.of(keyed, new Properties())).host()).isEqualTo("0.0.0.0");
  }
}
