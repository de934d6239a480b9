package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.testkit.BackendsExtension;
import io.bgfetch.testkit.TestBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BackendsExtension.class)
class RegisteringIT {

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

  @Test
  void answersWithTheRegistrationAndWhereItIs() {
    HttpResponse<String> answer =
        gateway.register(
            new JsonObject()
                .put("id", "my-fetch")
                .put("base", "https://example.com/")
                .put("requests", JsonArray.of("/ep-5.mp3", "ep-5-artwork.jpg"))
                .put(
                    "options", new JsonObject().put("title", "Episode 5").put("downloadTotal", 9)));

    assertThat(answer.statusCode()).isEqualTo(201);
    JsonObject registration = json(answer);
    String uid = registration.getString("uid");
    assertThat(UUID.fromString(uid).version()).isEqualTo(7);
    assertThat(answer.headers().firstValue("Location")).contains("/v1/fetches/" + uid);
    assertThat(registration.getString("id")).isEqualTo("my-fetch");
    assertThat(registration.getString("title")).isEqualTo("Episode 5");
    assertThat(registration.getLong("downloadTotal")).isEqualTo(9);
    assertThat(registration.getString("result")).isEmpty();
    assertThat(registration.getJsonObject("records").getInteger("total")).isEqualTo(2);
    assertThat(json(gateway.get("/v1/fetches/" + uid))).isEqualTo(registration);
    assertThat(json(gateway.get("/v1/fetches/my-fetch"))).isEqualTo(registration);
  }
}
