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
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registering with large request bodies, and what a tenant may store. */
@WithBackends
@SharedBroker
class FormsIT {

  private static final int MIB = 1 << 20;
  private static final int MOST = 20 * MIB;
  private static final long QUOTA = 256L * MIB;

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_LIMIT_REQUEST_BODY", "20MiB", "BGFETCH_QUOTA_BYTES", "256MiB"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** A form that is written part by part. */
  private static final class Form {

    private final String boundary;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Form(String boundary) {
      this.boundary = boundary;
    }

    Form() {
      this("-cut-" + UUID.randomUUID());
    }

    Form registration(String id, Object... requests) {
      JsonObject document = new JsonObject().put("id", id).put("requests", JsonArray.of(requests));
      return part("registration", document.encode());
    }

    Form part(String name, String text) {
      return part(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Form part(String name, byte[] content) {
      text("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n");
      bytes.writeBytes(content);
      return text("\r\n");
    }

    Form text(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    HttpRequest.Builder unfinished() {
      return gateway
          .request("/v1/fetches")
          .header("Content-Type", "multipart/form-data; boundary=\"" + boundary + "\"")
          .POST(BodyPublishers.ofByteArray(bytes.toByteArray()));
    }

    HttpRequest.Builder finished() {
      return text("--" + boundary + "--\r\n").unfinished();
    }
  }

  private static JsonObject put(String part) {
    return new JsonObject()
        .put("url", "http://a.example/" + part)
        .put("method", "PUT")
        .put("bodyPart", part);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    return gateway.send(request.build());
  }

  private static Path blob(String uid, int index, int n) {
    return data.resolve("blobs/" + uid + "/" + index + "/request/" + n);
  }

  private static long storage() {
    return gateway.number("SELECT coalesce(sum(bytes), 0) FROM storage");
  }

  @Test
  void isToldWhichBackendDoesNotWork() throws IOException {
    Path blobs = data.resolve("blobs");
    Path away = data.resolve("away");
    Files.move(blobs, away);
    Files.createFile(blobs);
    try {
      HttpResponse<String> answer =
          send(new Form().registration(id(), put("a")).part("a", random(MIB)).finished());

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(json(answer).getString("detail")).startsWith("the blob store");
    } finally {
      Files.delete(blobs);
      Files.move(away, blobs);
    }
  }

  @Test
  void keepsABodyOfAnySizeInSegments() throws IOException {
    byte[] body = random(MOST);
    long before = storage();

    HttpResponse<String> answer =
        send(new Form().registration(id(), put("film")).part("film", body).finished());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String uid = json(answer).getString("uid");
    assertThat(json(answer).getLong("uploadTotal")).isEqualTo(MOST);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int n = 0; n < 3; n++) {
      whole.writeBytes(Files.readAllBytes(blob(uid, 0, n)));
    }
    assertThat(whole.toByteArray()).isEqualTo(body);
    assertThat(storage() - before).isEqualTo(MOST);
    assertThat(gateway.number("SELECT count(*) FROM loading")).isZero();
  }

  @Test
  void keepsASmallBodyInItsRow() {
    HttpResponse<String> answer =
        send(
            new Form()
                .registration(id(), "http://a.example/", put("note"), put("none"))
                .part("none", "")
                .part("note", "a note")
                .finished());

    String uid = json(answer).getString("uid");
    String row = " FROM request WHERE uid = '" + uid + "' AND index = ";
    assertThat(gateway.texts("SELECT convert_from(body_inline, 'UTF8')" + row + 1))
        .containsExactly("a note");
    assertThat(gateway.number("SELECT body_size" + row + 2)).isZero();
    assertThat(Files.exists(data.resolve("blobs/" + uid))).isFalse();
  }

  @Test
  void givesAPartToEveryRequestThatNamesIt() {
    byte[] body = random(100_000);

    HttpResponse<String> answer =
        send(
            new Form()
                .registration(id(), put("a"), put("b"), put("a"))
                .part("a", body)
                .part("b", body)
                .finished());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String uid = json(answer).getString("uid");
    assertThat(json(answer).getLong("uploadTotal")).isEqualTo(300_000);
    assertThat(
            gateway.texts(
                "SELECT body_segments ->> 0 FROM request WHERE uid = '" + uid + "' ORDER BY index"))
        .extracting(segment -> new JsonObject(segment).getString("key"))
        .containsExactly(uid + "/0/request/0", uid + "/1/request/0", uid + "/0/request/0");
  }

  @Test
  void isTheSameFormWhateverItsBoundary() {
    String id = id();
    String key = id();
    byte[] body = random(100_000);
    HttpResponse<String> first =
        send(form(id, body, body).finished().header("Idempotency-Key", key));

    HttpResponse<String> again =
        send(form(id, body, body).finished().header("Idempotency-Key", key));
    HttpResponse<String> other =
        send(form(id, body, random(100_001)).finished().header("Idempotency-Key", key));

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(json(again).getString("uid")).isEqualTo(json(first).getString("uid"));
    assertThat(other.statusCode()).isEqualTo(422);
  }

  private static Form form(String id, byte[] a, byte[] b) {
    return new Form().registration(id, put("a"), put("b")).part("a", a).part("b", b);
  }

  @Nested
  class WhatIsWrong {

    static Stream<Object[]> mistakes() {
      byte[] body = random(300_000);
      return Stream.of(
          mistake(
              400,
              "the first part is not named registration",
              new Form().part("a", body).registration("x", put("a")).finished()),
          mistake(400, "the form has no part registration", new Form().finished()),
          mistake(
              400,
              "request 1: bodyPart: there is no part \"b\"",
              new Form().registration("x", put("a"), put("b")).part("a", body).finished()),
          mistake(
              400,
              "no request refers to the part \"b\"",
              new Form().registration("x", put("a")).part("a", body).part("b", body).finished()),
          mistake(
              400,
              "there are two parts \"a\"",
              new Form().registration("x", put("a")).part("a", body).part("a", body).finished()),
          mistake(
              400,
              "the form breaks off",
              new Form().registration("x", put("a")).part("a", body).unfinished()),
          mistake(
              400,
              "the form has its boundary where it is none",
              new Form("cut")
                  .registration("x", put("a"))
                  .part("a", body)
                  .text("--cutter\r\n")
                  .finished()),
          mistake(
              400,
              "a part of the form has no Content-Disposition",
              new Form("cut")
                  .registration("x", put("a"))
                  .part("a", body)
                  .text("--cut\r\n\r\nbody\r\n")
                  .finished()),
          mistake(
              400,
              "the form has a part with a head",
              new Form("cut")
                  .registration("x", put("a"))
                  .part("a", body)
                  .text("--cut\r\nX: " + "x".repeat(20_000))
                  .finished()),
          mistake(400, "the form has no boundary", new Form("").unfinished()),
          mistake(
              413,
              "a request body is longer than",
              new Form()
                  .registration("x", put("a"), put("b"))
                  .part("b", body)
                  .part("a", random(MOST + 1))
                  .finished()),
          mistake(
              413,
              "the registration is longer than",
              new Form().part("registration", "x".repeat(17 * MIB)).finished()),
          mistake(
              400,
              "request 1: url:",
              new Form().registration("x", put("a"), "nowhere").part("a", body).finished()),
          mistake(
              400,
              "request 0: body: stands beside bodyPart",
              new Form().registration("x", put("a").put("body", "b")).finished()),
          mistake(
              400,
              "request 0: body: a GET has none",
              new Form()
                  .registration("x", put("a").put("method", "GET"))
                  .part("a", body)
                  .finished()),
          mistake(
              400, "the body is not JSON: line 1", new Form().part("registration", "{").finished()),
          mistake(
              409,
              "a registration of this id is active",
              new Form().registration("active", put("a")).part("a", body).finished()),
          mistake(
              507,
              "the request bodies and downloadTotal do not fit",
              new Form()
                  .part(
                      "registration",
                      new JsonObject()
                          .put("id", "x")
                          .put("requests", JsonArray.of(put("a")))
                          .put("options", new JsonObject().put("downloadTotal", QUOTA))
                          .encode())
                  .part("a", body)
                  .finished()));
    }

    private static Object[] mistake(int status, String detail, HttpRequest.Builder request) {
      return new Object[] {status, detail, request};
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("mistakes")
    void isNamedAndNothingIsLeft(int status, String detail, HttpRequest.Builder request) {
      if (status == 409) {
        gateway.registered("active", "http://a.example/");
      }
      Object before = everything();

      HttpResponse<String> answer = send(request);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
      assertThat(json(answer).getString("detail")).contains(detail);
      assertThat(everything()).isEqualTo(before);
    }

    @Test
    void isAConnectionThatBreaksOffAndNothingIsLeft() throws IOException {
      Object before = everything();
      Form form = new Form("cut").registration(id(), put("a"), put("b")).part("b", random(300_000));
      byte[] sent = form.part("a", random(9 * MIB)).bytes.toByteArray();
      try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
        String head =
            "POST /v1/fetches HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\n"
                + "Content-Type: multipart/form-data; boundary=cut\r\n"
                + "Content-Length: 99999999\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(sent);
        socket.getOutputStream().flush();
        await().until(() -> !everything().equals(before));
      }

      await().untilAsserted(() -> assertThat(everything()).isEqualTo(before));
    }

    @Test
    void isKnownBeforeTheBodiesOfAnActiveIdAreSent() throws IOException {
      String id = id();
      gateway.registered(id, "http://a.example/");
      byte[] begun = new Form("cut").registration(id, put("a")).part("a", "1").bytes.toByteArray();
      try (Socket socket = new Socket("127.0.0.1", gateway.uri("/").getPort())) {
        String head =
            "POST /v1/fetches HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\n"
                + "Content-Type: multipart/form-data; boundary=cut\r\n"
                + "Content-Length: 99999999\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(begun);

        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
            .isEqualTo("HTTP/1.1 409");
      }
    }

    /** How many rows there are, what is stored, and every blob. */
    private static Object everything() {
      return List.of(
          gateway.number("SELECT count(*) FROM registration"),
          gateway.number("SELECT count(*) FROM request"),
          gateway.number("SELECT count(*) FROM loading"),
          storage(),
          blobs());
    }

    private static List<String> blobs() {
      try (Stream<Path> files = Files.walk(data.resolve("blobs"))) {
        return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
      } catch (UncheckedIOException | IOException deletedMeanwhile) {
        return List.of("changing");
      }
    }
  }

  @Nested
  class TheQuota {

    private static HttpResponse<String> register(String id, String body, long downloadTotal) {
      return gateway.register(
          new JsonObject()
              .put("id", id)
              .put(
                  "requests",
                  new JsonObject()
                      .put("url", "http://a.example/")
                      .put("method", "POST")
                      .put("body", body))
              .put("options", new JsonObject().put("downloadTotal", downloadTotal)));
    }

    @Test
    void isWhatBodiesAndDownloadTotalTogetherMustFit() {
      long left = QUOTA - storage();
      String id = id();

      HttpResponse<String> tooMuch = register(id, "1234", left - 3);
      HttpResponse<String> fits = register(id, "1234", left - 4);

      assertThat(tooMuch.statusCode()).isEqualTo(507);
      assertThat(json(tooMuch).getString("name")).isEqualTo("QuotaExceededError");
      assertThat(fits.statusCode()).as(fits.body()).isEqualTo(201);
      assertThat(QUOTA - storage()).isEqualTo(left - 4);
    }

    @Test
    void isKnownBeforeABodyHasCome() {
      long left = QUOTA - storage();
      JsonObject document =
          new JsonObject()
              .put("id", id())
              .put("requests", JsonArray.of(put("a")))
              .put("options", new JsonObject().put("downloadTotal", left - 1_000));
      String head = document.encode();

      HttpResponse<String> tooMuch =
          send(new Form().part("registration", head).part("a", random(1_001)).finished());
      HttpResponse<String> fits =
          send(new Form().part("registration", head).part("a", random(1_000)).finished());

      assertThat(tooMuch.statusCode()).as(tooMuch.body()).isEqualTo(507);
      assertThat(fits.statusCode()).as(fits.body()).isEqualTo(201);
    }

    @Test
    void comesAfterTheIdsThatAreActive() {
      String id = id();
      gateway.registered(id, "http://a.example/");

      assertThat(register(id, "", QUOTA * 2).statusCode()).isEqualTo(409);
    }
  }
}
