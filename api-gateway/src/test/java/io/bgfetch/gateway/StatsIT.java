package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.shard.ScriptedWorker;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.TopicCreation;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Alive;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that only say so, and what two tenants are told of them. */
@WithBackends
@SharedBroker
class StatsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> KEYS =
      Map.of("shop", "shop-key-0123456789", "reports", "reports-key-0123456789");

  /** A worker that spoke before the gateway came, and never again. */
  private static final String GONE = "gone";

  /** An odd number, which no interval divides evenly. */
  private static final long BODY = 151;

  @TempDir static Path data;
  static Vertx vertx = Vertx.vertx();
  static RunningGateway gateway;
  static ScriptedWorker worker;
  static Outbox events;

  @BeforeAll
  static void start(TestBackends backends) {
    String kafka = backends.kafkaBootstrapServers();
    createTopics(kafka);
    events = new Outbox(vertx, KafkaSettings.ofServers(kafka), "signs", PATIENCE);
    say(GONE, 1);
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            kafka,
            data,
            Map.of(
                "BGFETCH_API_KEYS",
                "shop:%s, reports:%s".formatted(KEYS.get("shop"), KEYS.get("reports"))));
    worker = new ScriptedWorker(vertx, KafkaSettings.ofServers(kafka), StatsIT::script);
  }

  private static void createTopics(String kafka) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      new TopicCreation(RunningGateway.SHARDS, 4, (short) 1).ensure(admin, PATIENCE);
    }
  }

  @AfterAll
  static void stop() {
    worker.close();
    events.close();
    gateway.close();
    vertx.close().await();
  }

  /** What the shop asks for is fetched; of what others ask for the first record begins. */
  private static List<FetchEvent> script(FetchJob job) {
    if (job.tenant().equals("shop")) {
      return List.of(
          report(job, 100),
          new Settled(
              "scripted", job.task("t"), FetchResult.SUCCESS, null, null, null, null, BODY, 0));
    }
    return job.index() == 0 ? List.of(report(job, 7)) : List.of();
  }

  private static Report report(FetchJob job, long downloaded) {
    return new Report(
        "scripted", 0, 0, List.of(new Progress(job.task("t"), true, downloaded, 0, 0)));
  }

  private static void register(String tenant, int records) {
    JsonArray requests = new JsonArray();
    IntStream.range(0, records).forEach(i -> requests.add("http://" + tenant + ".example/" + i));
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/fetches")
                .header("X-Api-Key", KEYS.get(tenant))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        new JsonObject().put("id", "a").put("requests", requests).encode()))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static JsonObject get(String path, String tenant) {
    return json(gateway.send(gateway.request(path).header("X-Api-Key", KEYS.get(tenant)).build()));
  }

  /** What all points add up to. */
  private static double sum(JsonObject stats, String member) {
    return points(stats).stream().mapToDouble(point -> point.getDouble(member)).sum()
        * stats.getInteger("intervalSeconds");
  }

  private static List<JsonObject> points(JsonObject stats) {
    return stats.getJsonArray("points").stream().map(JsonObject.class::cast).toList();
  }

  @Test
  void aTenantIsToldWhatItsOwnFetchesDidAndDo() {
    register("shop", 40);
    register("reports", 3);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonObject shop = get("/v1/stats", "shop");
              assertThat(sum(shop, "fetchesPerSecond")).isEqualTo(40);
              assertThat(sum(shop, "bytesPerSecond")).isEqualTo(40 * BODY);
              assertThat(shop.getInteger("running")).isZero();
              assertThat(shop.getInteger("waiting")).isZero();
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonObject reports = get("/v1/stats", "reports");
              assertThat(reports.getInteger("running")).isOne();
              assertThat(reports.getInteger("waiting")).isEqualTo(2);
              assertThat(sum(reports, "fetchesPerSecond")).isZero();
              assertThat(sum(reports, "bytesPerSecond")).isPositive();
            });
  }

  @Test
  void pointsAreThoseOfTheLastTenMinutesWithoutAGap() {
    JsonObject stats = get("/v1/stats", "shop");

    List<Instant> at = points(stats).stream().map(point -> point.getInstant("at")).toList();
    assertThat(stats.getInteger("intervalSeconds")).isEqualTo(2);
    assertThat(at).hasSize(300);
    for (int i = 0; i < at.size(); i++) {
      assertThat(at.get(i)).isEqualTo(at.getFirst().plusSeconds(2L * i));
    }
    assertThat(at.getLast().getEpochSecond() % 2).isZero();
    long now = gateway.number("SELECT extract(epoch FROM now())::bigint");
    assertThat(now - at.getLast().getEpochSecond()).as("it is over").isGreaterThanOrEqualTo(2);
  }

  /** The moment at which nothing is heard of it any more is moved to ten seconds ago. */
  @Test
  void workersAreThoseThatWereHeardOfInTheLastTenSeconds() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              say("one", 3);
              say("two", 0);
              List<JsonObject> both = list();
              assertThat(both).extracting(w -> w.getString("id")).containsExactly("one", "two");
              JsonObject first = both.getFirst();
              assertThat(first.getInstant("startedAt")).isEqualTo(Instant.ofEpochMilli(1));
              assertThat(first.getInstant("lastReportAt")).isAfter(Instant.ofEpochMilli(1));
              assertThat(first.getInteger("running")).isEqualTo(3);
              assertThat(first.getInteger("bytesPerSecond")).isEqualTo(30);
            });

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              gateway.sql(
                  "UPDATE worker SET last_report_at = now() - interval '10 seconds'"
                      + " WHERE id = 'one'");
              say("two", 0);
              return list().stream()
                  .map(one -> one.getString("id"))
                  .toList()
                  .equals(List.of("two"));
            });
    assertThat(gateway.get("/v1/workers").statusCode()).as("without a key").isEqualTo(401);
  }

  /** Of a backlog nobody knows how old it is; by the first word of another one it was read. */
  @Test
  void whoSpokeBeforeTheShardWasTakenOverIsNotTakenForAlive() {
    await().atMost(PATIENCE).until(() -> say("two", 0) && !list().isEmpty());

    assertThat(gateway.number("SELECT count(*) FROM worker WHERE id = '" + GONE + "'")).isZero();
  }

  /** Workers say it again and again; the first words may be older than the shard's owner. */
  private static boolean say(String name, int running) {
    Alive alive = new Alive(name, name.equals("one") ? 1 : 2, running, running * 10L);
    events
        .send(
            new ProducerRecord<>(Topics.EVENTS, Alive.TOLD, null, new MessageCodec().encode(alive)))
        .await();
    return true;
  }

  private static List<JsonObject> list() {
    return get("/v1/workers", "reports").getJsonArray("workers").stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
