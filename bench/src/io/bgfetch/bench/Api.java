package io.bgfetch.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The HTTP API of a gateway, as one tenant. Any thread may use it. */
final class Api implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int PAGE = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final Optional<String> key;

  Api(String url) {
    this(url, Optional.empty());
  }

  private Api(String url, Optional<String> key) {
    this.url = url;
    this.key = key;
  }

  /** The same gateway as the tenant who has this key; to be closed as well. */
  Api as(String apiKey) {
    return new Api(url, Optional.of(apiKey));
  }

  /** The uid of a registration of these URLs. */
  String register(String id, List<String> urls) throws Failure, InterruptedException {
    return registerLines(BodyPublishers.ofString(lines(id, urls)));
  }

  /** A registration as NDJSON. */
  static String lines(String id, List<String> urls) {
    StringBuilder lines = new StringBuilder("{\"id\": \"").append(id).append("\"}\n");
    urls.forEach(one -> lines.append('"').append(one).append("\"\n"));
    return lines.toString();
  }

  /** The same as a file, for registrations that are too long for the memory. */
  static Path linesFile(Path file, String id, List<String> urls) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"id\": " + Json.quote(id) + "}\n");
      for (String one : urls) {
        out.write('"' + one + "\"\n");
      }
    }
    return file;
  }

  /** The uid of a registration that comes as NDJSON. */
  String registerLines(BodyPublisher lines) throws Failure, InterruptedException {
    HttpRequest.Builder call =
        to("/v1/fetches").header("Content-Type", "application/x-ndjson").POST(lines);
    return Json.parseObject(send(call, 201)).get("uid").toString();
  }

  /** The uid of a registration of one URL, as JSON. */
  String registerOne(String id, String one) throws Failure, InterruptedException {
    String json = "{\"id\":" + Json.quote(id) + ",\"requests\":[" + Json.quote(one) + "]}";
    HttpRequest.Builder call =
        to("/v1/fetches")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json));
    return Json.parseObject(send(call, 201)).get("uid").toString();
  }

  Map<String, Object> registration(String uid) throws Failure, InterruptedException {
    return Json.parseObject(send(to("/v1/fetches/" + uid).GET(), 200));
  }

  /** A registration has not ended in time. */
  static final class NotYet extends Failure {

    private static final long serialVersionUID = 1;

    NotYet(String what) {
      super(what);
    }
  }

  /**
   * Waits for the end of a registration.
   *
   * @throws NotYet it does not come in time
   * @throws Failure it is not a success
   */
  void awaitSuccess(String uid, Duration within) throws Failure, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    Map<String, Object> now = registration(uid);
    while (now.get("result").equals("")) {
      if (System.nanoTime() > deadline) {
        throw new NotYet(
            "hung: not done after " + within.toSeconds() + " s: " + now.get("records"));
      }
      Thread.sleep(LOOK_AGAIN);
      now = registration(uid);
    }
    if (!now.get("result").equals("success")) {
      throw new Failure("ended as " + now.get("result") + ", " + now.get("failureReason"));
    }
  }

  /** Whether it was still active. */
  boolean abort(String uid) throws Failure, InterruptedException {
    return post("/v1/fetches/" + uid + "/abort", "").contains("true");
  }

  void delete(String uid) throws Failure, InterruptedException {
    send(to("/v1/fetches/" + uid).DELETE(), 204);
  }

  /** The answer to a match by URL. */
  String match(String uid, String one) throws Failure, InterruptedException {
    return post("/v1/fetches/" + uid + "/match", "{\"request\":" + Json.quote(one) + "}");
  }

  private String post(String path, String json) throws Failure, InterruptedException {
    HttpRequest.Builder call =
        to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    return send(call, 200);
  }

  /** Gives all records of a registration, page by page. */
  void eachRecord(String uid, Consumer<Map<String, Object>> taker)
      throws Failure, InterruptedException {
    String path = "/v1/fetches/" + uid + "/records?limit=" + PAGE;
    Object cursor = "";
    while (cursor != null) {
      String more = cursor.equals("") ? "" : "&cursor=" + cursor;
      Map<String, Object> page = Json.parseObject(send(to(path + more).GET(), 200));
      Json.list(page.get("records")).forEach(record -> taker.accept(Json.object(record)));
      cursor = page.get("next");
    }
  }

  /** The SHA-256 of a body as it comes over HTTP, of which all has to come in time. */
  byte[] bodyDigest(String uid, int index) throws Failure, InterruptedException {
    HttpRequest call = to("/v1/fetches/" + uid + "/records/" + index + "/body").GET().build();
    CompletableFuture<HttpResponse<byte[]>> coming = http.sendAsync(call, status -> digesting());
    try {
      HttpResponse<byte[]> answer = coming.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      if (answer.statusCode() != 200) {
        throw new Failure(call.uri() + ": " + answer.statusCode());
      }
      return answer.body();
    } catch (ExecutionException | TimeoutException e) {
      throw new Failure(call.uri() + ": " + e, e);
    } finally {
      coming.cancel(true);
    }
  }

  private static BodySubscriber<byte[]> digesting() {
    MessageDigest digest = Sha256.begin();
    return BodySubscribers.mapping(
        BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(digest::update)),
        end -> digest.digest());
  }

  /** The lines of a stream of server-sent events, which ends when the answer is closed. */
  HttpResponse<InputStream> events() throws Failure, InterruptedException {
    try {
      // No deadline: it is a stream.
      return http.send(
          to("/v1/events").timeout(Duration.ofDays(1)).GET().build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Failure("no events: " + e, e);
    }
  }

  /** What {@code /metrics} says. */
  String metrics() throws Failure, InterruptedException {
    return send(to("/metrics").GET(), 200);
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(url + path)).timeout(DEADLINE);
    key.ifPresent(apiKey -> call.header("Authorization", "Bearer " + apiKey));
    return call;
  }

  private String send(HttpRequest.Builder builder, int expected)
      throws Failure, InterruptedException {
    HttpRequest call = builder.build();
    try {
      HttpResponse<String> answer = http.send(call, BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        String what = call.method() + " " + call.uri() + ": " + answer.statusCode();
        throw new Failure(what + " " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new Failure(call.method() + " " + call.uri() + ": " + e, e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
