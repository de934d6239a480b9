package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A secret in a request header is known to the client and to the origin, and nobody in between. */
@WithBackends
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecretsIT {
  private static final String TOKEN = "planted-3f9c61d07b";
  private static final String OWN_HEADER = "x-house-key";

  @TempDir private static Path directory;
  private static TestCluster cluster;
  private static Origin origin;
  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
  private static final Logger OWN = (Logger) LoggerFactory.getLogger("io.bgfetch");
  private static Level levelBefore;

  @BeforeAll
  static void start(TestBackends backends) throws Exception {
    levelBefore = OWN.getLevel();
    OWN.setLevel(Level.TRACE);
    LOG.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(LOG);
    origin = Origin.start();
    cluster =
        TestCluster.start(
            backends, directory, Map.of("BGFETCH_SECRET_HEADERS", OWN_HEADER.toUpperCase()));
  }

  @AfterAll
  static void stop() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(LOG);
    OWN.setLevel(levelBefore);
    cluster.close();
    origin.close();
  }

  @Test
  void aPlantedTokenIsFoundNowhereButAtTheOrigin() throws Exception {
    BackgroundFetchRegistration registration =
        cluster
            .client()
            .fetch(
                "secret",
                List.of(
                    request("/bytes/100000"),
                    request("/redirect/2"),
                    request("/flaky/1?key=s"),
                    request("/status/401").withMethod("POST").withBody("plain")),
                BackgroundFetchOptions.none().withRetryLimit(2));
    registration.follow(event -> {});

    assertThat(registration.state().records().succeeded()).isEqualTo(3);
    assertThat(origin.heads())
        .hasSizeGreaterThanOrEqualTo(6)
        .allSatisfy(
            head -> {
              assertThat(head.headers().get("authorization")).isEqualTo("Bearer " + TOKEN);
              assertThat(head.headers().get("cookie")).isEqualTo("session=" + TOKEN);
              assertThat(head.headers().get(OWN_HEADER)).isEqualTo(TOKEN);
            });
    assertThat(registration.record(0).toJson())
        .contains("\"authorization\":\"[redacted]\"", "\"" + OWN_HEADER + "\":\"[redacted]\"")
        .doesNotContain(TOKEN);
    assertThat(rows())
        .anySatisfy(row -> assertThat(row).contains("sealed"))
        .noneMatch(SecretsIT::leaks);
    assertThat(messages()).hasSizeGreaterThan(8).noneMatch(SecretsIT::leaks);
    assertThat(files()).isNotEmpty().noneMatch(SecretsIT::leaks);
    assertThat(LOG.list).isNotEmpty();
    assertThat(List.copyOf(LOG.list))
        .noneMatch(event -> leaks(event.toString() + event.getKeyValuePairs()));
  }

  private static FetchRequest request(String page) {
    return FetchRequest.of(origin.url(page))
        .withHeader("Authorization", "Bearer " + TOKEN)
        .withHeader("Cookie", "session=" + TOKEN)
        .withHeader(OWN_HEADER, TOKEN);
  }

  private static boolean leaks(String text) {
    return text.contains(TOKEN) || text.contains(hex(TOKEN));
  }

  /** How Postgres writes bytes as text. */
  private static String hex(String text) {
    StringBuilder hex = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      hex.append("%02x".formatted(b));
    }
    return hex.toString();
  }

  /** Every row of every table, as text. */
  private static List<String> rows() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Pool pool =
          PgBuilder.pool()
              .connectingTo(PgConnectOptions.fromUri(cluster.postgres()))
              .using(vertx)
              .build();
      List<String> rows = new ArrayList<>();
      RowSet<Row> tables =
          query(pool, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      for (Row table : tables) {
        String name = table.getString(0);
        query(pool, "SELECT t::text FROM \"" + name + "\" AS t")
            .forEach(row -> rows.add(row.getString(0)));
      }
      return rows;
    } finally {
      var unused =
          vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static RowSet<Row> query(Pool pool, String sql) throws Exception {
    return pool.query(sql)
        .execute()
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  /** Every message of every topic, with its headers. */
  private static List<String> messages() {
    Map<String, Object> settings = Map.of("bootstrap.servers", cluster.kafka());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.listTopics().values().stream()
              .flatMap(List::stream)
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      List<String> messages = new ArrayList<>();
      while (all.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofSeconds(1));
        batch.forEach(
            record -> {
              StringBuilder text =
                  new StringBuilder(text(record.key())).append(text(record.value()));
              record.headers().forEach(header -> text.append(text(header.value())));
              messages.add(text.toString());
            });
      }
      return messages;
    }
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, UTF_8);
  }

  /** Every file of the data directory: its name and its content. */
  private static List<String> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).map(SecretsIT::content).toList();
    }
  }

  private static String content(Path file) {
    try {
      return file + " " + new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
