package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.testkit.IsolatedBackends;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithBackends
class OutagesIT {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

  @TempDir static Path data;
  static IsolatedBackends backends;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends all) {
    backends = all.isolated();
    gateway = RunningGateway.start(backends.postgresUri(), backends.kafkaBootstrapServers(), data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonObject registration() {
    return new JsonObject()
        .put("id", UUID.randomUUID().toString())
        .put("requests", "http://a.example/");
  }

  @Test
  void withoutPostgresClientsAreToldToTryAgain() {
    String uid = gateway.registered(UUID.randomUUID().toString(), "http://a.example/");
    backends.stopPostgres();

    for (HttpResponse<String> answer :
        java.util.List.of(
            gateway.get("/v1/fetches/" + uid),
            gateway.register(registration()),
            gateway.post("/v1/fetches/" + uid + "/abort", "a/b", ""))) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(json(answer).getInteger("status")).isEqualTo(503);
    }
    assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = gateway.get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(json(ready).getJsonObject("backends").getString("postgres")).isEqualTo("down");

    backends.startPostgres();

    await()
        .atMost(BACK_WITHIN)
        .untilAsserted(
            () ->
                assertThat(json(gateway.get("/v1/fetches/" + uid)).getString("uid"))
                    .isEqualTo(uid));
    assertThat(gateway.register(registration()).statusCode()).isEqualTo(201);
    await().atMost(BACK_WITHIN).until(() -> gateway.get("/health/ready").statusCode() == 200);
  }

  @Test
  void withoutKafkaRegisteringReadingAndOrdersStillWork() throws IOException {
    await().atMost(BACK_WITHIN).until(() -> status().equals("up"));
    backends.stopKafka();

    String uid = json(gateway.register(registration())).getString("uid");
    assertThat(json(gateway.get("/v1/fetches/" + uid)).getString("result")).isEmpty();
    try (EventReader events =
            new EventReader(gateway, gateway.request("/v1/fetches/" + uid + "/events").build());
        EventReader all = new EventReader(gateway, gateway.request("/v1/events").build())) {
      gateway.sql("UPDATE registration SET all_get = true WHERE uid = '" + uid + "'");
      assertThat(json(gateway.post("/v1/fetches/" + uid + "/pause", "a/b", "")).getMap())
          .containsEntry("paused", true);
      assertThat(json(gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "")).getMap())
          .isEqualTo(Map.of("aborted", true));
      assertThat(json(gateway.get("/v1/fetches/" + uid)).getString("failureReason"))
          .isEqualTo("aborted");
      await().atMost(BACK_WITHIN).until(events::ended);
      assertThat(events.events().getLast().type()).isEqualTo("backgroundfetchabort");
      await()
          .atMost(BACK_WITHIN)
          .until(
              () ->
                  all.events().stream()
                      .anyMatch(
                          e -> e.uid().equals(uid) && e.type().equals("backgroundfetchabort")));
    }
    await().atMost(BACK_WITHIN).until(() -> status().equals("degraded"));
    assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);

    backends.startKafka();

    await().atMost(BACK_WITHIN).until(() -> status().equals("up"));
  }

  private static String status() {
    return json(gateway.get("/health/ready")).getString("status");
  }
}
