package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrations from their birth to their end; what shards would do stands in the database. */
@WithBackends
@SharedBroker
class RegistrationsIT {

  @TempDir static Path data;
  static RunningGateway gateway;
  static String postgres;

  @BeforeAll
  static void start(TestBackends backends) {
    postgres = backends.freshDatabase();
    gateway = RunningGateway.start(postgres, backends.kafkaBootstrapServers(), data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static void change(String uid, String columns) {
    gateway.sql("UPDATE registration SET %s WHERE uid = '%s'".formatted(columns, uid));
  }

  private static JsonObject read(String uid) {
    return json(gateway.get("/v1/fetches/" + uid));
  }

  @Test
  void haveAnIdOfTheirTenantOnly() {
    String id = id();
    String foreign = gateway.registered(id, "http://a.example/");
    change(foreign, "tenant = 'another'");

    String own = gateway.registered(id, "http://a.example/");

    assertThat(json(gateway.get("/v1/fetches/" + id)).getString("uid")).isEqualTo(own);
    assertThat(gateway.get("/v1/fetches/" + foreign).statusCode()).isEqualTo(404);
    assertThat(gateway.register(new JsonObject().put("id", id).put("requests", "http://b.example")))
        .extracting(answer -> answer.statusCode())
        .isEqualTo(409);
  }

  @Test
  void areOneOfAnIdHoweverManyComeAtOnce() {
    JsonObject registration = new JsonObject().put("id", id()).put("requests", "http://a.example/");

    List<CompletableFuture<Integer>> statuses =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> gateway.register(registration).statusCode()))
            .limit(6)
            .toList();

    assertThat(statuses.stream().map(CompletableFuture::join))
        .containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
  }

  @Test
  void areTooManyBeforeTheirIdIsLookedAt(TestBackends backends) {
    try (RunningGateway full =
        RunningGateway.start(
            backends.freshDatabase(),
            backends.kafkaBootstrapServers(),
            data,
            Map.of("BGFETCH_ACTIVE_REGISTRATIONS", "1"))) {
      JsonObject registration =
          new JsonObject().put("id", id()).put("requests", "http://a.example/");
      assertThat(full.register(registration).statusCode()).isEqualTo(201);

      assertThat(full.register(registration).statusCode()).isEqualTo(429);
      assertThat(full.register(registration.put("requests", "ftp://a")).statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void showUrlsWithoutTheirFragments() {
    String uid = gateway.registered(id(), JsonArray.of("http://a.example/x?y#z"));

    JsonObject record = json(gateway.get("/v1/fetches/" + uid + "/records/0"));

    assertThat(record.getJsonObject("request").getString("url")).isEqualTo("http://a.example/x?y");
  }

  /** While it is open and not rolled back, no shard gets as far as to decide anything. */
  private static Connection holdingShards() throws SQLException {
    URI uri = URI.create(postgres);
    String[] user = uri.getUserInfo().split(":", 2);
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(),
            user[0],
            user[1]);
    connection.setAutoCommit(false);
    try (Statement lock = connection.createStatement()) {
      lock.execute("LOCK TABLE shard_epoch IN ACCESS EXCLUSIVE MODE");
    }
    return connection;
  }

  @Nested
  class AnAbort {

    private static boolean abort(String uid) {
      return json(gateway.post("/v1/fetches/" + uid + "/abort", "application/json", ""))
          .getBoolean("aborted");
    }

    @Test
    void winsOverRecordsThatHaveAllJustSucceeded() throws SQLException {
      try (Connection connection = holdingShards()) {
        String uid =
            gateway.registered(id(), JsonArray.of("http://a.example/", "http://a.example/"));
        change(uid, "dispatched = 2, settled = 2, succeeded = 2");

        assertThat(abort(uid)).isTrue();

        JsonObject ended = read(uid);
        assertThat(ended.getString("result")).isEqualTo("failure");
        assertThat(ended.getString("failureReason")).isEqualTo("aborted");
        assertThat(ended.getJsonObject("records").getInteger("succeeded")).isEqualTo(2);
        connection.rollback();
      }
    }

    @Test
    void changesNothingWhereItComesAfterTheEnd() {
      String uid = gateway.registered(id(), JsonArray.of("http://a.example/"));
      change(
          uid,
          "settled = 1, succeeded = 1, result = 'success', version = version + 1, end_version ="
              + " version + 1, ended_at = now(), expires_at = now() + interval '1 h'");
      JsonObject before = read(uid);

      assertThat(abort(uid)).isFalse();

      assertThat(read(uid)).isEqualTo(before);
    }

    @Test
    void isTrueForOneOfManyThatComeAtOnce() {
      String uid = gateway.registered(id(), JsonArray.of("http://a.example/"));

      List<CompletableFuture<Boolean>> aborts =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> abort(uid))).limit(6).toList();

      assertThat(aborts.stream().filter(CompletableFuture::join)).hasSize(1);
    }
  }
}
