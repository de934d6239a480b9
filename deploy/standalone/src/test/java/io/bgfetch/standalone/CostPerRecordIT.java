package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.kafka.Topics;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a record of 1 KiB costs, in things that can be counted: a budget that nobody exceeds without
 * noticing. Statements come in batches whose size depends on the machine, so these budgets leave
 * room; rows and jobs are exact. There is one shard, since each also costs something by the second.
 */
@WithBackends
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CostPerRecordIT {
  private static final int RECORDS = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> TOPICS =
      List.of(Topics.JOBS, Topics.EVENTS, Topics.CONTROL, Topics.PROGRESS);

  private static final double MOST_STATEMENTS = 0.5;
  private static final double MOST_ROWS = 2.25;
  private static final double MOST_MESSAGES = 2.5;
  private static final double MOST_KAFKA_BYTES = 3_000;

  private static StatementCount postgres;
  private static TestCluster cluster;
  private static Origin origin;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) throws Exception {
    origin = Origin.start();
    postgres = new StatementCount(backends.freshDatabase());
    cluster =
        TestCluster.start(
            postgres.uri(), backends.freshKafka(), directory, Map.of("BGFETCH_SHARDS", "1"));
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    postgres.close();
    origin.close();
  }

  @Test
  void ofAKibibyteStaysWithinItsBudget() throws Exception {
    Kafka kafkaBefore = kafka();
    long statementsBefore = postgres.statements();
    BackgroundFetchRegistration registration =
        cluster
            .client()
            .fetch(
                "costs",
                IntStream.range(0, RECORDS)
                    .mapToObj(i -> FetchRequest.of(origin.url("/bytes/1024?seed=" + i))),
                BackgroundFetchOptions.none());
    await().atMost(PATIENCE).until(() -> !result(registration).isEmpty());

    double statements = postgres.statements() - statementsBefore;
    Kafka kafka = kafka().since(kafkaBefore);
    assertThat(result(registration)).isEqualTo("success");
    assertThat(statements / RECORDS).as("statements a record").isLessThan(MOST_STATEMENTS);
    assertThat(kafka.messages().get(Topics.JOBS)).as("jobs").isEqualTo(RECORDS);
    assertThat(kafka.allMessages() / RECORDS).as("messages a record").isLessThan(MOST_MESSAGES);
    assertThat(kafka.bytes() / RECORDS).as("bytes a record").isLessThan(MOST_KAFKA_BYTES);
    assertRows();
  }

  private static String result(BackgroundFetchRegistration registration) {
    return registration.refresh().result();
  }

  /** Postgres tells what its sessions have written a moment after they have. */
  private static void assertRows() throws SQLException {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Map<String, Long> rows = rows();
              assertThat(rows.get("request")).isEqualTo(RECORDS);
              assertThat(rows.get("outcome")).isEqualTo(RECORDS);
            });
    Map<String, Long> rows = rows();
    double all = rows.values().stream().mapToLong(Long::longValue).sum();
    assertThat(all / RECORDS).as("rows a record, of " + rows).isLessThan(MOST_ROWS);
  }

  /** Rows inserted, updated and deleted since the database is there, by table. */
  private static Map<String, Long> rows() throws SQLException {
    URI uri = URI.create(postgres.uri());
    String[] user = uri.getUserInfo().split(":", 2);
    String jdbc =
        "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
    Map<String, Long> rows = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT regexp_replace(relname, '_?[0-9]+$', '') AS name,
                       sum(n_tup_ins + n_tup_upd + n_tup_del) AS rows
                  FROM pg_stat_user_tables GROUP BY 1
                """)) {
      while (found.next()) {
        rows.put(found.getString("name"), found.getLong("rows"));
      }
    }
    return rows;
  }

  /** What topics hold: messages of each, and bytes in all. */
  private record Kafka(Map<String, Long> messages, double bytes) {

    Kafka since(Kafka before) {
      return new Kafka(
          messages.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, e -> e.getValue() - before.messages.get(e.getKey()))),
          bytes - before.bytes);
    }

    double allMessages() {
      return messages.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private static Kafka kafka() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka()))) {
      Map<String, TopicDescription> topics =
          admin.describeTopics(TOPICS).allTopicNames().get(10, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetSpec> ends =
          topics.values().stream()
              .flatMap(t -> t.partitions().stream().map(p -> partition(t.name(), p.partition())))
              .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
      Map<String, Long> messages =
          admin.listOffsets(ends).all().get(10, TimeUnit.SECONDS).entrySet().stream()
              .collect(
                  Collectors.groupingBy(
                      e -> e.getKey().topic(), Collectors.summingLong(e -> e.getValue().offset())));
      return new Kafka(messages, bytes(admin));
    }
  }

  private static TopicPartition partition(String topic, int number) {
    return new TopicPartition(topic, number);
  }

  private static double bytes(Admin admin) throws Exception {
    List<Integer> brokers =
        admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).stream()
            .map(node -> node.id())
            .toList();
    return admin
        .describeLogDirs(brokers)
        .allDescriptions()
        .get(10, TimeUnit.SECONDS)
        .values()
        .stream()
        .flatMap(directories -> directories.values().stream())
        .flatMap(directory -> directory.replicaInfos().entrySet().stream())
        .filter(replica -> TOPICS.contains(replica.getKey().topic()))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }
}
