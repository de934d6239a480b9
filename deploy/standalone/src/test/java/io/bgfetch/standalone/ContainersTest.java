package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be said about the containers without an engine that runs them. */
class ContainersTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path DOCKER = ROOT.resolve("deploy/docker");

  @Nested
  class Compose {
    private final Map<String, Map<String, Object>> services = services();

    @Test
    void namesTheFourServices() {
      assertThat(services).containsOnlyKeys("postgres", "kafka", "gateway", "worker");
    }

    @Test
    void opensNoPortButTheGatewaysOnLoopback() {
      assertThat(services.get("gateway").get("ports")).isEqualTo(List.of("127.0.0.1:8080:8080"));
      assertThat(services.values().stream().filter(service -> service.containsKey("ports")))
          .hasSize(1);
    }

    @Test
    void leavesWorkersUnnamedSoThatTheyScale() {
      assertThat(services.get("worker")).doesNotContainKeys("container_name", "hostname");
    }

    @Test
    void givesGatewayAndWorkersTheSameVolume() {
      assertThat(services.get("worker").get("volumes"))
          .isEqualTo(services.get("gateway").get("volumes"));
    }

    @Test
    void buildsTargetsThatTheDockerfileHas() throws IOException {
      String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));

      for (String role : List.of("gateway", "worker")) {
        assertThat(services.get(role).get("build")).asString().contains("target=" + role);
        assertThat(dockerfile).contains(" AS " + role + "\n");
      }
    }

    @Test
    void checksTheHealthOfEveryService() throws IOException {
      assertThat(services.get("postgres")).containsKey("healthcheck");
      assertThat(services.get("kafka")).containsKey("healthcheck");
      assertThat(Files.readString(DOCKER.resolve("Dockerfile")).split("HEALTHCHECK ")).hasSize(3);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services() {
      try (InputStream file = Files.newInputStream(ROOT.resolve("docker-compose.yml"))) {
        Map<String, Object> compose = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
        return (Map<String, Map<String, Object>>) compose.get("services");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class HealthCheck {
    private HttpServer role;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
      role = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      role.createContext(
          "/health/ready",
          exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      role.start();
    }

    @AfterEach
    void stop() {
      role.stop(0);
    }

    @Test
    void isGoodWhenTheRoleIsReady() throws Exception {
      assertThat(check()).isZero();
    }

    @Test
    void isBadWhenTheRoleIsNotReady() throws Exception {
      status = 503;

      assertThat(check()).isNotZero();
    }

    @Test
    void isBadWhenNobodyListens() throws Exception {
      role.stop(0);

      assertThat(check()).isNotZero();
    }

    private int check() throws Exception {
      ProcessBuilder check =
          new ProcessBuilder(DOCKER.resolve("ready").toAbsolutePath().toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      check.environment().put("BGFETCH_HTTP_PORT", "" + role.getAddress().getPort());
      Process process = check.start();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }
}
