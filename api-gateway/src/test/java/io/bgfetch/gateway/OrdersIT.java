package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.gateway.shard.ScriptedWorker;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@WithBackends
class OrdersIT {

  private static final String JSON = "application/json";
  private static final RecordResponse HEAD =
      new RecordResponse("http://a.example/", false, 200, "OK", Map.of());

  @TempDir static Path data;
  static RunningGateway gateway;
  static Vertx vertx;
  static ScriptedWorker worker;
  static TailingInbox control;
  static TailingInbox progress;

  static final List<FetchJob> jobs = new CopyOnWriteArrayList<>();
  static final List<ControlMessage> told = new CopyOnWriteArrayList<>();
  static final List<Published> published = new CopyOnWriteArrayList<>();

  /** An event of the public topic. */
  record Published(String id, JsonObject data) {

    static Published of(ConsumerRecord<byte[], byte[]> record) {
      return new Published(
          new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8),
          new JsonObject(new String(record.value(), StandardCharsets.UTF_8)));
    }

    String type() {
      return id.split(":")[2];
    }

    long version() {
      return Long.parseLong(id.split(":")[1]);
    }
  }

  @BeforeAll
  static void start(TestBackends backends) {
    Awaitility.setDefaultTimeout(60, TimeUnit.SECONDS);
    String kafka = backends.freshKafka();
    gateway = RunningGateway.start(backends.freshDatabase(), kafka, data);
    vertx = Vertx.vertx();
    KafkaSettings settings = KafkaSettings.ofServers(kafka);
    worker =
        new ScriptedWorker(
            vertx,
            settings,
            job -> {
              jobs.add(job);
              return List.of();
            });
    MessageCodec codec = new MessageCodec();
    control = tail(settings, Topics.CONTROL, record -> told.add(codec.control(record.value())));
    progress = tail(settings, Topics.PROGRESS, record -> published.add(Published.of(record)));
  }

  private static TailingInbox tail(
      KafkaSettings settings,
      String topic,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    TailingInbox inbox =
        new TailingInbox(
            settings,
            topic,
            Duration.ofMinutes(1),
            InstantSource.system(),
            batch -> batch.forEach(each));
    inbox.start();
    return inbox;
  }

  @AfterAll
  static void stop() {
    Awaitility.reset();
    worker.close();
    control.close();
    progress.close();
    vertx.close().await();
    gateway.close();
  }

  private static String registered() {
    String uid = gateway.registered(UUID.randomUUID().toString(), "http://a.example/");
    gateway.sql("UPDATE registration SET all_get = true WHERE uid = '" + uid + "'");
    return uid;
  }

  private static String ended() {
    String uid = registered();
    assertThat(json(order(uid, "abort")).getBoolean("aborted")).isTrue();
    await().until(() -> of(uid).stream().anyMatch(event -> event.type().equals("abort")));
    return uid;
  }

  private static HttpResponse<String> order(String ref, String what) {
    return gateway.send(
        gateway.request("/v1/fetches/" + ref + "/" + what).POST(BodyPublishers.noBody()).build());
  }

  private static HttpResponse<String> patch(String ref, String type, String body) {
    return gateway.send(
        gateway
            .request("/v1/fetches/" + ref)
            .header("Content-Type", type)
            .method("PATCH", BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> delete(String ref) {
    return gateway.send(gateway.request("/v1/fetches/" + ref).DELETE().build());
  }

  private static JsonObject read(String uid) {
    return json(gateway.get("/v1/fetches/" + uid));
  }

  private static List<Published> of(String uid) {
    return published.stream().filter(event -> event.id().startsWith(uid)).distinct().toList();
  }

  private static List<FetchJob> jobsOf(String uid) {
    return jobs.stream().filter(job -> job.uid().toString().equals(uid)).toList();
  }

  private static void assertInvalidState(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).getString("name")).isEqualTo("InvalidStateError");
  }

  @Nested
  class Pausing {

    @Test
    void stopsWhatRunsKeepsItsBytesAndGoesOnWithThem() {
      String uid = registered();
      await().until(() -> jobsOf(uid).size() == 1);
      FetchJob first = jobsOf(uid).getFirst();

      JsonObject paused = json(order(uid, "pause"));

      assertThat(paused.getBoolean("paused")).isTrue();
      assertThat(paused.getLong("version")).isGreaterThan(first.version());
      await()
          .until(
              () ->
                  told.contains(
                      new ControlMessage.Pause(UUID.fromString(uid), paused.getLong("version"))));

      Segments stored = new Segments(List.of(new Segment(uid + "/0/1-token/0", 8)));
      worker.tell(
          first,
          List.of(
              new SegmentStored("scripted", first.task("token"), HEAD, stored),
              new Yielded(
                  "scripted",
                  first.task("token"),
                  "paused",
                  new FetchJob.Resume(HEAD, stored),
                  0,
                  1_500)));
      await().until(() -> read(uid).getLong("downloaded") == 8);

      JsonObject resumed = json(order(uid, "resume"));

      assertThat(resumed.getBoolean("paused")).isFalse();
      await().until(() -> jobsOf(uid).size() == 2);
      FetchJob second = jobsOf(uid).getLast();
      assertThat(second.version()).isGreaterThanOrEqualTo(resumed.getLong("version"));
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.resume()).isEqualTo(new FetchJob.Resume(HEAD, stored));
      assertThat(second.connectedMillis()).isEqualTo(1_500);
      worker.tell(second, List.of(success(second)));
      await().until(() -> read(uid).getString("result").equals("success"));
    }

    private static Settled success(FetchJob job) {
      return new Settled(
          "scripted", job.task("token"), FetchResult.SUCCESS, null, HEAD, null, null, 20, 0);
    }

    @Test
    void changesNothingWhereItWasSoBefore() {
      String uid = registered();

      assertThat(order(uid, "resume").statusCode()).isEqualTo(200);
      JsonObject paused = json(order(uid, "pause"));
      JsonObject again = json(order(uid, "pause"));
      order(uid, "resume");
      HttpResponse<String> resumed = order(uid, "resume");

      assertThat(again.getLong("version")).isEqualTo(paused.getLong("version"));
      assertThat(resumed.statusCode()).isEqualTo(200);
      assertThat(json(resumed).getBoolean("paused")).isFalse();
    }

    @Test
    void isToldAsProgress() {
      String uid = registered();

      order(uid, "pause");

      await()
          .until(
              () ->
                  of(uid).stream()
                      .anyMatch(
                          event ->
                              event.type().equals("progress")
                                  && event.data().getBoolean("paused")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume"})
    void isRefusedWhereNotEveryRequestIsGet(String what) {
      String uid =
          gateway.registered(
              UUID.randomUUID().toString(),
              new JsonObject().put("url", "http://a.example/").put("method", "POST"));

      assertInvalidState(order(uid, what));
    }

    /** As rows are that a version wrote which did not know. */
    @ParameterizedTest
    @CsvSource({"GET, 200", "POST, 409"})
    void looksAtTheRequestsWhereNobodyHas(String method, int status) {
      String uid =
          gateway.registered(
              UUID.randomUUID().toString(),
              new JsonObject().put("url", "http://a.example/").put("method", method));
      gateway.sql("UPDATE registration SET all_get = NULL WHERE uid = '" + uid + "'");

      assertThat(read(uid).getBoolean("paused")).isFalse();
      assertThat(order(uid, "pause").statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume"})
    void isRefusedAfterTheEnd(String what) {
      assertInvalidState(order(ended(), what));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "release", "click"})
  void noOrderIsForNobody(String what) {
    assertThat(order("nobody", what).statusCode()).isEqualTo(404);
    assertThat(patch("nobody", JSON, "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void ordersAreForTheActiveRegistrationOfAnId() {
    String id = "ä/" + UUID.randomUUID();
    gateway.registered(id, "http://a.example/");
    String ref = java.net.URLEncoder.encode(id, StandardCharsets.UTF_8);
    order(ref, "abort");
    String second = gateway.registered(id, "http://a.example/");

    assertThat(json(patch(ref, JSON, "{\"title\": \"t\"}")).getString("uid")).isEqualTo(second);
  }

  @Nested
  class Updating {

    @Test
    void changesWhatIsNamedAndIsToldAsProgress() {
      String uid = registered();
      patch(uid, JSON, "{\"icons\": [{\"src\": \"/a.png\", \"sizes\": \"1x1\"}]}");

      HttpResponse<String> answer = patch(uid, JSON, "{\"title\": \"Episode 6 🎧\"}");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).getString("title")).isEqualTo("Episode 6 🎧");
      assertThat(json(answer).getJsonArray("icons"))
          .isEqualTo(
              new JsonArray().add(new JsonObject().put("src", "/a.png").put("sizes", "1x1")));
      await()
          .until(
              () ->
                  of(uid).stream()
                      .anyMatch(
                          event ->
                              event.type().equals("progress")
                                  && event.data().getString("title").equals("Episode 6 🎧")
                                  && event.version() >= json(answer).getLong("version")));
    }

    @Test
    void changesNothingWhereNothingIsNamed() {
      String uid = registered();
      long version = json(patch(uid, JSON, "{\"title\": \"t\"}")).getLong("version");
      await().until(() -> of(uid).stream().anyMatch(event -> event.version() >= version));

      HttpResponse<String> answer = patch(uid, JSON, "{}");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).getString("title")).isEqualTo("t");
    }

    @Test
    void afterTheEndIsNoEventAndLeavesTheEndItsVersion() throws IOException {
      String uid = ended();
      Published end = of(uid).getLast();

      JsonObject patched = json(patch(uid, JSON, "{\"title\": \"later\"}"));

      assertThat(patched.getString("title")).isEqualTo("later");
      assertThat(patched.getLong("version")).isGreaterThan(end.version());
      assertThat(end.data().getLong("version")).isEqualTo(end.version());
      try (EventReader reader =
          new EventReader(gateway, gateway.request("/v1/fetches/" + uid + "/events").build())) {
        await().until(reader::ended);
        assertThat(reader.events())
            .singleElement()
            .satisfies(
                event -> {
                  assertThat(event.id()).isEqualTo(uid + ":" + end.version());
                  assertThat(event.data().getLong("version")).isEqualTo(end.version());
                });
      }
      order(uid, "click");
      await().until(() -> of(uid).getLast().type().equals("click"));
      assertThat(of(uid).get(of(uid).size() - 2)).isEqualTo(end);
    }

    @Test
    void beforeTheEndWasPublishedLeavesItsEventTheVersionOfTheEnd() {
      String uid = ended();
      Published end = of(uid).getLast();
      patch(uid, JSON, "{\"title\": \"later\"}");

      gateway.sql("UPDATE registration SET published_version = 0 WHERE uid = '" + uid + "'");

      await()
          .until(
              () ->
                  published.stream()
                      .anyMatch(
                          event ->
                              event.id().equals(end.id())
                                  && event.data().getString("title").equals("later")
                                  && event.data().getLong("version") == end.version()));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"titel": "t"}                    | 400 | titel
            {"title": 7}                      | 400 | title
            {"title": null}                   | 400 | title
            {"icons": "a.png"}                | 400 | icons
            {"icons": [{"sizes": "1x1"}]}     | 400 | icons[0].src
            {"icons": [{"src": "a", "x": 1}]} | 400 | icons[0].x
            [1]                               | 400 | JSON
            no JSON                           | 400 | JSON
            """)
    void namesWhatIsWrong(String body, int status, String named) {
      HttpResponse<String> answer = patch(registered(), JSON, body);

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(json(answer).getString("detail")).contains(named);
    }

    @Test
    void hasTheLimitsOfRegistering() {
      String uid = registered();
      String icons = "{\"src\": \"a\"}" + ",{\"src\": \"a\"}".repeat(16);

      assertThat(patch(uid, JSON, "{\"title\": \"" + "t".repeat(1_025) + "\"}").statusCode())
          .isEqualTo(413);
      assertThat(patch(uid, JSON, "{\"icons\": [" + icons + "]}").statusCode()).isEqualTo(413);
      assertThat(
              patch(uid, JSON, "{\"icons\": [{\"src\": \"" + "a".repeat(5_000) + "\"}]}")
                  .statusCode())
          .isEqualTo(413);
      assertThat(patch(uid, JSON, " ".repeat(500_000) + "{}").statusCode()).isEqualTo(413);
      assertThat(patch(uid, "text/plain", "{}").statusCode()).isEqualTo(415);
    }
  }

  @Nested
  class Clicking {

    @Test
    void isToldToWhoFollowsAndIsNoProgress() throws IOException {
      String uid = registered();
      await().until(() -> jobsOf(uid).size() == 1);
      try (EventReader reader = new EventReader(gateway, gateway.request("/v1/events").build())) {
        await().until(() -> reader.events().stream().anyMatch(event -> event.uid().equals(uid)));

        HttpResponse<String> answer = order(uid, "click");
        long version = read(uid).getLong("version");

        assertThat(answer.statusCode()).isEqualTo(202);
        await()
            .until(
                () ->
                    reader.events().stream()
                        .anyMatch(
                            event ->
                                event.type().equals("backgroundfetchclick")
                                    && event.id().startsWith(uid + ":" + version + ":")));
        await()
            .untilAsserted(
                () ->
                    assertThat(
                            gateway.number("SELECT count(*) FROM click WHERE uid = '" + uid + "'"))
                        .isZero());
        assertThat(of(uid).getLast().id()).isEqualTo(uid + ":" + version + ":click");
        assertThat(of(uid).getLast().data().getLong("version")).isEqualTo(version);
        order(uid, "abort");
        await().until(() -> of(uid).getLast().type().equals("abort"));
        assertThat(of(uid))
            .extracting(Published::type)
            .containsSubsequence("click", "abort")
            .filteredOn(type -> type.equals("click"))
            .hasSize(1);
        assertThat(of(uid))
            .filteredOn(event -> event.version() > version)
            .extracting(Published::type)
            .containsExactly("abort");
      }
    }

    @Test
    void isFoundThoughThePokeWasLost() {
      String uid = registered();
      await().until(() -> !of(uid).isEmpty());

      gateway.sql(
          "WITH c AS (UPDATE registration SET version = version + 1 WHERE uid = '"
              + uid
              + "' RETURNING *) INSERT INTO click SELECT shard, uid, version FROM c");

      await().until(() -> of(uid).getLast().type().equals("click"));
    }
  }

  @Nested
  class Releasing {

    @Test
    void isRefusedWhileActive() {
      assertInvalidState(order(registered(), "release"));
    }

    @Test
    void makesTheRecordsUnavailableAndChangesNothingTheSecondTime() {
      String uid = ended();

      JsonObject first = json(order(uid, "release"));
      HttpResponse<String> second = order(uid, "release");

      assertThat(first.getBoolean("recordsAvailable")).isFalse();
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(json(second).getLong("version")).isEqualTo(first.getLong("version"));
    }
  }

  @Nested
  class Deleting {

    @Test
    void abortsWhatIsActiveTellsOfItAndHidesItAtOnce() {
      String uid = registered();
      String id = read(uid).getString("id");

      HttpResponse<String> answer = delete(uid);

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(gateway.get("/v1/fetches/" + uid).statusCode()).isEqualTo(404);
      assertThat(gateway.get("/v1/fetches?id=" + id).body()).contains("\"registrations\":[]");
      assertThat(order(uid, "click").statusCode()).isEqualTo(404);
      await().until(() -> told.contains(new ControlMessage.Cancel(UUID.fromString(uid))));
      await().until(() -> of(uid).stream().anyMatch(event -> event.type().equals("abort")));
      assertThat(of(uid).getLast().data().getString("failureReason")).isEqualTo("aborted");
      assertThat(gateway.registered(id, "http://a.example/")).isNotEqualTo(uid);
    }

    @Test
    void tellsOfNoSecondEnd() {
      String uid = ended();
      Published end = of(uid).getLast();

      assertThat(delete(uid).statusCode()).isEqualTo(204);

      assertThat(gateway.get("/v1/fetches/" + uid).statusCode()).isEqualTo(404);
      assertThat(gateway.number("SELECT end_version FROM registration WHERE uid = '" + uid + "'"))
          .isEqualTo(end.version());
    }

    @Test
    void ofWhatIsGoneIsDone() {
      String uid = registered();
      delete(uid);

      assertThat(delete(uid).statusCode()).isEqualTo(204);
      assertThat(delete("nobody").statusCode()).isEqualTo(204);
    }
  }
}
