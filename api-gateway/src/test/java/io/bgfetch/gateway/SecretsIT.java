package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bgfetch.config.Settings;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A token that clients send in headers is found nowhere, neither at rest nor on the way. */
@WithBackends
@SharedBroker
class SecretsIT {

  private static final String TOKEN = "planted-8d1f7a52";
  private static final List<String> SECRET =
      List.of("Authorization", "cookie", "Proxy-Authorization", "X-API-Key", "X-Own-Token");

  @TempDir static Path data;
  static RunningGateway gateway;
  static String kafka;
  static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();
  static final Map<Logger, Level> LEVELS = new HashMap<>();

  @BeforeAll
  static void start(TestBackends backends) {
    capture("io.bgfetch");
    capture("io.vertx");
    LOGGED.start();
    kafka = backends.kafkaBootstrapServers();
    gateway =
        RunningGateway.start(
            backends.freshDatabase(),
            kafka,
            data,
            Map.of("BGFETCH_SECRET_HEADERS", "x-own-token, x-other"));
  }

  private static void capture(String name) {
    Logger logger = (Logger) LoggerFactory.getLogger(name);
    LEVELS.put(logger, logger.getLevel());
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(LOGGED);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    LEVELS.forEach(
        (logger, before) -> {
          logger.detachAppender(LOGGED);
          logger.setAdditive(true);
          logger.setLevel(before);
        });
  }

  private static JsonObject request() {
    JsonObject headers = new JsonObject().put("x-open", "to be seen");
    SECRET.forEach(name -> headers.put(name, "Bearer " + TOKEN));
    return new JsonObject().put("url", "http://secrets.example/").put("headers", headers);
  }

  @Test
  void areNowhereOnceTheyAreRegistered() throws Exception {
    String requests = JsonArray.of(request()).encode();
    String document = "{\"id\":\"a\",\"requests\":" + requests + "}";
    String lines = "{\"id\":\"b\"}\n" + request().encode() + "\n";
    String form =
        "--cut\r\nContent-Disposition: form-data; name=\"registration\"\r\n\r\n"
            + document.replace("\"a\"", "\"c\"")
            + "\r\n--cut--\r\n";

    assertThat(post("application/json", document)).startsWith("201 ");
    assertThat(post("application/x-ndjson", lines)).startsWith("201 ");
    assertThat(post("multipart/form-data; boundary=cut", form)).startsWith("201 ");

    assertThatTheTokenIsThereSealed();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(topics().stream().filter(text -> text.contains("secrets.example/")))
                    .hasSizeGreaterThanOrEqualTo(3));
    assertThat(topics()).noneMatch(text -> text.contains(TOKEN));
    assertThat(database()).isNotEmpty().noneMatch(text -> text.contains(TOKEN));
    assertThat(files()).noneMatch(text -> text.contains(TOKEN));
    assertThat(logged()).isNotEmpty().noneMatch(text -> text.contains(TOKEN));
    assertThat(gateway.get("/v1/fetches/a").body()).doesNotContain(TOKEN);
    assertThat(gateway.get("/v1/fetches/a/records").body()).doesNotContain(TOKEN);
  }

  private static String post(String type, String body) {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/fetches")
                .header("Content-Type", type)
                .header("Idempotency-Key", "key-of-" + type.split(";")[0])
                .POST(BodyPublishers.ofString(body))
                .build());
    return answer.statusCode() + " " + answer.body();
  }

  private static void assertThatTheTokenIsThereSealed() throws Exception {
    Settings settings = Settings.of(Map.of("BGFETCH_DATA_DIR", data.toString()), new Properties());
    HeaderSeal seal = new HeaderSeal(SealKey.from(settings), new SecureRandom());
    List<String> rows = gateway.texts("SELECT sealed_headers::text FROM request");
    assertThat(rows).hasSize(3);
    for (String row : rows) {
      JsonObject sealed = new JsonObject(row);
      assertThat(sealed.fieldNames())
          .containsExactlyInAnyOrder(
              "authorization", "cookie", "proxy-authorization", "x-api-key", "x-own-token");
      for (String name : sealed.fieldNames()) {
        JsonObject header = sealed.getJsonObject(name);
        SealedHeader value = new SealedHeader(header.getString("sealed"), header.getString("mac"));
        assertThat(seal.open(name, value)).isEqualTo("Bearer " + TOKEN);
      }
    }
    assertThat(gateway.texts("SELECT headers::text FROM request"))
        .allMatch(
            headers -> new JsonObject(headers).fieldNames().equals(java.util.Set.of("x-open")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"x\",\"requests\":[{\"url\":\"nowhere\",\"headers\":{\"authorization\":\"TOKEN\"}}]}",
        "{\"id\":\"x\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":{\"authorization\":\"TOKEN\\u0100\"}}]}",
        "{\"id\":\"x\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":{\"authorization\":[\"TOKEN\",5]}}]}",
        "{\"id\":\"x\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":\"TOKEN\"}]}",
        "{\"id\":\"x\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":{\"authorization\":\"TOKEN",
        "{\"id\":\"x\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":{\"authorization\":TOKEN}}]}",
        "{\"id\":\"\",\"requests\":[{\"url\":\"http://a.example/\",\"headers\":{\"authorization\":\"TOKEN\"}}]}",
      })
  void areNowhereWhenTheyAreRefused(String template) throws Exception {
    String document = template.replace("TOKEN", TOKEN);

    HttpResponse<String> answer = gateway.post("/v1/fetches", "application/json", document);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain(TOKEN);
    assertThat(json(answer).getString("detail")).isNotBlank();
    assertThat(database()).noneMatch(text -> text.contains(TOKEN));
    assertThat(logged()).noneMatch(text -> text.contains(TOKEN));
  }

  /** Every row of every table. */
  private static List<String> database() {
    List<String> all = new ArrayList<>();
    for (String table :
        gateway.texts(
            "SELECT quote_ident(table_name) FROM information_schema.tables"
                + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")) {
      all.addAll(gateway.texts("SELECT t::text FROM " + table + " AS t"));
    }
    return all;
  }

  /** Key, headers and value of every record of every topic. */
  private static List<String> topics() {
    List<String> all = new ArrayList<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka);
    StringDeserializer text = new StringDeserializer();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, text, text)) {
      List<TopicPartition> partitions =
          consumer.listTopics().values().stream()
              .flatMap(List::stream)
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> all.add(text(record)));
      }
    }
    return all;
  }

  private static String text(ConsumerRecord<String, String> record) {
    StringBuilder text = new StringBuilder(record.key() + "\n" + record.value());
    record
        .headers()
        .forEach(
            header -> text.append('\n').append(new String(header.value(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      List<String> all = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return all;
    }
  }

  private static List<String> logged() {
    return List.copyOf(LOGGED.list).stream()
        .map(
            event ->
                event.getFormattedMessage()
                    + event.getKeyValuePairs()
                    + (event.getThrowableProxy() == null
                        ? ""
                        : event.getThrowableProxy().getMessage()))
        .toList();
  }
}
