package io.bgfetch.gateway;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bgfetch.example.ProgressSubscriber;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.shard.ScriptedWorker;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public topic, as a foreign subscriber sees it. */
@WithBackends
class ProgressTopicIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TYPE = "io.bgfetch.registration.";

  @TempDir static Path data;
  static RunningGateway gateway;
  static Vertx vertx;
  static ScriptedWorker worker;
  static ProgressSubscriber subscriber;
  static TailingInbox raw;
  static AsyncApi api;

  static final List<CloudEvent> events = new CopyOnWriteArrayList<>();
  static final List<ConsumerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start(TestBackends backends) throws IOException {
    String kafka = backends.freshKafka();
    gateway = RunningGateway.start(backends.freshDatabase(), kafka, data);
    vertx = Vertx.vertx();
    worker = new ScriptedWorker(vertx, KafkaSettings.ofServers(kafka), ProgressTopicIT::fetched);
    subscriber = new ProgressSubscriber(kafka, "foreign", events::add);
    Thread.ofVirtual().start(subscriber);
    raw =
        new TailingInbox(
            KafkaSettings.ofServers(kafka),
            Topics.PROGRESS,
            Duration.ofMinutes(1),
            InstantSource.system(),
            records::addAll);
    raw.start();
    api = AsyncApi.read();
  }

  @AfterAll
  static void stop() {
    subscriber.close();
    raw.close();
    worker.close();
    vertx.close().await();
    gateway.close();
  }

  /** Hosts are named for what becomes of what is fetched there; of a slow one nothing does. */
  private static List<io.bgfetch.message.FetchEvent> fetched(FetchJob job) {
    String host = URI.create(job.request().url()).getHost();
    return switch (host) {
      case "good.example" -> List.of(settled(job, FetchResult.SUCCESS));
      case "bad.example" -> List.of(settled(job, FetchResult.FETCH_ERROR));
      default -> List.of();
    };
  }

  private static Settled settled(FetchJob job, FetchResult result) {
    String error = result == FetchResult.SUCCESS ? null : "refused";
    return new Settled("scripted", job.task("token"), result, error, null, null, null, 10, 0);
  }

  private static String registered(String host) {
    return gateway.registered("\u00e9 \ud83d\ude00\n" + UUID.randomUUID(), "http://" + host + "/");
  }

  private static void order(String uid, String what) {
    assertThat(
            gateway
                .send(
                    gateway
                        .request("/v1/fetches/" + uid + "/" + what)
                        .POST(BodyPublishers.noBody())
                        .build())
                .statusCode())
        .isLessThan(300);
  }

  private static List<CloudEvent> of(String uid) {
    return events.stream().filter(event -> event.getId().startsWith(uid)).toList();
  }

  private static CloudEvent awaitEvent(String uid, String type) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> of(uid).stream().filter(event -> event.getType().equals(TYPE + type)).findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private static JsonObject data(CloudEvent event) {
    return new JsonObject(new String(event.getData().toBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void tellsOfEveryKindAsACloudEvent() throws IOException {
    String good = registered("good.example");
    String bad = registered("bad.example");
    String slow = registered("slow.example");
    awaitEvent(slow, "progress");
    order(slow, "click");
    awaitEvent(slow, "click");
    order(slow, "abort");

    List<CloudEvent> one =
        List.of(
            awaitEvent(good, "success"),
            awaitEvent(bad, "fail"),
            awaitEvent(slow, "abort"),
            awaitEvent(slow, "progress"),
            awaitEvent(slow, "click"));

    assertThat(one).allSatisfy(ProgressTopicIT::isAsPromised);
    List<ConsumerRecord<byte[], byte[]>> all = List.copyOf(records);
    assertThat(all).hasSizeGreaterThan(5).allSatisfy(ProgressTopicIT::isAsDescribed);
  }

  private static void isAsPromised(CloudEvent event) {
    JsonObject data = data(event);
    String uid = data.getString("uid");
    long version = data.getLong("version");
    String type = event.getType().substring(TYPE.length());
    assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(event.getSource()).hasToString("/v1/fetches/" + uid);
    assertThat(event.getId()).isEqualTo(uid + ":" + version + ":" + type);
    assertThat(event.getSubject())
        .isEqualTo(data.getString("id"))
        .startsWith("\u00e9 \ud83d\ude00\n");
    assertThat(event.getTime()).isEqualTo(Instant.ofEpochMilli(version).atOffset(ZoneOffset.UTC));
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(event.getExtensionNames()).isEmpty();
  }

  /** By docs/asyncapi.yaml. */
  private static void isAsDescribed(ConsumerRecord<byte[], byte[]> record) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode headers = json.createObjectNode();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    String message = headers.get("ce_type").asText().substring(TYPE.length());
    assertThat(api.errorsOfHeaders(message, headers)).isEmpty();
    assertThat(api.errorsOfPayload(message, json.readTree(record.value()))).isEmpty();
    assertThat(headers.get("tenant").asText()).isEqualTo("default");
    assertThat(new String(record.key(), StandardCharsets.UTF_8))
        .isEqualTo(json.readTree(record.value()).get("uid").asText());
  }

  @Test
  void tellsOfOneRegistrationInOrderAndNothingAfterItsEnd() {
    String uid = registered("slow.example");
    awaitEvent(uid, "progress");
    for (String order : List.of("pause", "click", "resume", "click", "abort")) {
      order(uid, order);
    }
    awaitEvent(uid, "abort");

    List<CloudEvent> told = of(uid);
    assertThat(told).extracting(event -> data(event).getLong("version")).isSorted();
    assertThat(told).extracting(CloudEvent::getType).endsWith(TYPE + "abort");
    assertThat(
            records.stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(uid))
                .collect(groupingBy(ConsumerRecord::partition)))
        .hasSize(1);
  }

  /** As after a crash between Kafka's acknowledgement and the note of it. */
  @Test
  void tellsOfTheSameEndAgainWhereItIsNotKnownThatItWasTold() {
    String uid = registered("good.example");
    CloudEvent first = awaitEvent(uid, "success");
    String noted =
        "SELECT count(*) FROM registration WHERE published_version = end_version AND uid = '%s'"
            .formatted(uid);
    await().atMost(PATIENCE).until(() -> gateway.number(noted) == 1);

    gateway.sql("UPDATE registration SET published_version = 0 WHERE uid = '" + uid + "'");

    await()
        .atMost(PATIENCE)
        .until(() -> of(uid).stream().filter(e -> e.getType().endsWith("success")).count() == 2);
    assertThat(of(uid).getLast()).isEqualTo(first);
  }
}
