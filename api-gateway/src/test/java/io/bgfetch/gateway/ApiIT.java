package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@WithBackends
@SharedBroker
class ApiIT {

  private static final String LISTED = "https://board.example";

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_HTTP_ORIGINS", LISTED));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpResponse<String> send(String method, String path) {
    return gateway.send(gateway.request(path).method(method, BodyPublishers.noBody()).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nowhere", "/v1", "/v1/fetches/a/b", "/v1/fetches/nobody", "/v2/fetches"})
  void unknownPathsAreProblems(String path) {
    HttpResponse<String> answer = gateway.get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).fieldNames()).contains("type", "title", "status", "detail");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT    | /v1/fetches           | GET, POST
          DELETE | /v1/fetches/a/records | GET
          GET    | /v1/fetches/a/abort   | POST
          POST   | /metrics              | GET
          """)
  void unknownMethodsAreToldTheKnownOnes(String method, String path, String allowed) {
    HttpResponse<String> answer = send(method, path);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    assertThat(json(answer).getInteger("status")).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=1001", "limit=many", "cursor=nonsense", "active=maybe"})
  void badParametersAreNamed(String query) {
    HttpResponse<String> answer = gateway.get("/v1/fetches?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getString("detail")).contains(query.split("=")[0]);
    assertThat(json(answer).containsKey("name")).isFalse();
  }

  @Test
  void pathsThatCannotBeDecodedAreProblems() throws IOException {
    assertThat(raw("GET /v1/fetches/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void longRequestLinesAreTaken() {
    assertThat(gateway.get("/v1/fetches?id=" + "a".repeat(30_000)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"414, GET /v1/fetches?id=, 40000", "431, GET /v1/fetches HTTP/1.1~X: , 70000"})
  void headsThatAreTooLongAreProblems(int status, String start, int length) throws IOException {
    String request = start.replace("~", "\r\n") + "a".repeat(length) + "\r\n\r\n";

    assertThat(raw(request, 80)) // the rest may be lost: the connection is closed
        .contains(" " + status + " ")
        .contains("content-type: application/problem");
  }

  @Test
  void theContractIsServed() {
    HttpResponse<String> answer = gateway.get("/openapi.yaml");

    assertThat(answer.body()).startsWith("openapi: 3.1.0").contains("application/x-ndjson");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/dashboard/main.js, text/javascript; charset=utf-8",
    "/dashboard/dashboard.css, text/css; charset=utf-8",
    "/dashboard/icon.svg, image/svg+xml",
    "/dashboard/server-sent-events.js, text/javascript; charset=utf-8"
  })
  void theDashboardIsServedSoThatNothingForeignRunsInIt(String path, String type) {
    HttpResponse<String> answer = gateway.get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    HttpHeaders headers = answer.headers();
    assertThat(headers.firstValue("Content-Type")).contains(type);
    assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .contains("require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
    String etag = headers.firstValue("ETag").orElseThrow();
    HttpRequest again = gateway.request(path).header("If-None-Match", etag).build();
    assertThat(gateway.send(again).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dashboard/", "/dashboard/none.js", "/dashboard/..%2Fapi%2Fopenapi.yaml"})
  void theDashboardHasNoOtherFiles(String path) {
    assertThat(gateway.get(path).statusCode()).isEqualTo(404);
    assertThat(send("POST", "/").headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void healthAndMetricsAreServed() {
    assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void pagesOfOtherOriginsAreKeptOut() {
    assertThat(from("https://evil.example").statusCode()).isEqualTo(403);
    assertThat(from("null").statusCode()).isEqualTo(403);
    assertThat(json(from("https://evil.example")).getInteger("status")).isEqualTo(403);
  }

  @Test
  void ownAndListedOriginsAreLetIn() {
    assertThat(from("http://127.0.0.1:" + gateway.uri("/").getPort()).statusCode()).isEqualTo(200);
    HttpResponse<String> listed = from(LISTED);
    assertThat(listed.statusCode()).isEqualTo(200);
    assertThat(listed.headers().firstValue("Access-Control-Allow-Origin")).contains(LISTED);
  }

  @Test
  void preflightsOfListedOriginsAreAnswered() {
    HttpRequest preflight =
        gateway
            .request("/v1/fetches")
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", LISTED)
            .header("Access-Control-Request-Method", "POST")
            .build();

    HttpResponse<String> answer = gateway.send(preflight);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
        .contains("POST");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("Authorization", "Idempotency-Key", "Last-Event-ID", "Prefer");
  }

  @Test
  void pagesOfListedOriginsSeeWhatTheyNeedAlsoOfRefusals() {
    HttpResponse<String> refused =
        gateway.send(gateway.request("/v1/fetches/nobody").header("Origin", LISTED).build());

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).contains(LISTED);
    assertThat(refused.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("Location", "ETag", "Repr-Digest", "Retry-After");
  }

  private static HttpResponse<String> from(String origin) {
    return gateway.send(gateway.request("/v1/fetches").header("Origin", origin).build());
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example,        403",
    "evil.example:8080,   403",
    "localhost.evil.test, 403",
    "localhost,           200",
    "LOCALHOST:1234,      200",
    "127.9.9.9,           200",
    "[::1]:8080,          200",
    "board.example,       200"
  })
  void foreignHostsAreKeptOut(String host, int status) throws IOException {
    assertThat(raw("GET /v1/fetches HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void foreignHostsAreKeptOutHoweverThePathIsWritten() throws IOException {
    String head = "GET /health/../metrics HTTP/1.1\r\nHost: evil.example\r\n";

    assertThat(raw(head + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 403");
  }

  private static String raw(String request) throws IOException {
    return raw(request, 400);
  }

  private static String raw(String request, int bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }
  }
}
