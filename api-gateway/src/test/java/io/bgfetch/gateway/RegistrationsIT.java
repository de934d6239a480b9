package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
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
class RegistrationsIT {

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(backends.freshDatabase(), backends.kafkaBootstrapServers(), data);
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
  void showUrlsWithoutTheirFragments() {
    String uid = gateway.registered(id(), JsonArray.of("http://a.example/x?y#z"));

    JsonObject record = json(gateway.get("/v1/fetches/" + uid + "/records/0"));

    assertThat(record.getJsonObject("request").getString("url")).isEqualTo("http://a.example/x?y");
  }

  @Nested
  class AnAbort {

    private static boolean abort(String uid) {
      return json(gateway.post("/v1/fetches/" + uid + "/abort", "application/json", ""))
          .getBoolean("aborted");
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
