package io.bgfetch.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SharedServersTest {
  private final List<String> running = new ArrayList<>();
  private final Servers embedded = new FakeServers("embedded", false);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);

  @Nested
  class WhenADockerEngineAnswers {
    private final SharedServers.Choice choice = choice(Optional.empty(), false);

    @Test
    void takesContainers() {
      SharedServers servers = SharedServers.start("", choice, out);

      assertThat(servers.postgres().address()).isEqualTo("container postgres");
      assertThat(printed).hasToString(line("testcontainers (a Docker engine answers)"));
    }

    @Test
    void takesEmbeddedOnesWhenForced() {
      SharedServers servers = SharedServers.start("embedded", choice, out);

      assertThat(servers.kafka().address()).isEqualTo("embedded kafka");
      assertThat(printed).hasToString(line("embedded (asked for)"));
    }

    @Test
    void givesTheBrokerOnlyToClassesThatAreMarked() {
      SharedServers servers = SharedServers.start("", choice, out);

      assertThat(new ClassBackends(servers, true).kafkaBootstrapServers())
          .isEqualTo("container kafka");
      assertThatThrownBy(() -> new ClassBackends(servers, false).kafkaBootstrapServers())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@SharedBroker");
    }

    @Test
    void endsBoth() {
      SharedServers.start("", choice, out).close();

      assertThat(running).isEmpty();
    }
  }

  @Nested
  class WhenTheEngineHasNoImage {
    private final SharedServers.Choice choice = choice(Optional.empty(), true);

    @Test
    void takesEmbeddedOnesAndLeavesNoHalfPair() {
      SharedServers.start("", choice, out);

      assertThat(running).containsExactly("embedded postgres", "embedded kafka");
      assertThat(printed)
          .hasToString(line("embedded (the Docker engine starts no container: no such image)"));
    }

    @Test
    void failsWhenContainersAreForced() {
      assertThatThrownBy(() -> SharedServers.start("testcontainers", choice, out))
          .hasMessageStartingWith("no such image");
      assertThat(running).isEmpty();
    }
  }

  @Nested
  class WhenNoEngineAnswers {
    private final SharedServers.Choice choice = choice(Optional.of("no engine"), false);

    @Test
    void takesEmbeddedOnes() {
      SharedServers.start("", choice, out);

      assertThat(printed).hasToString(line("embedded (no engine)"));
    }

    @Test
    void failsWhenContainersAreForced() {
      assertThatThrownBy(() -> SharedServers.start("testcontainers", choice, out))
          .hasMessage("-Dbgfetch.test.backends=testcontainers cannot be followed: no engine");
    }
  }

  @Test
  void namesAWishThatItDoesNotKnow() {
    assertThatThrownBy(() -> SharedServers.start("podman", choice(Optional.empty(), false), out))
        .hasMessage("-Dbgfetch.test.backends is testcontainers or embedded, not podman");
  }

  private SharedServers.Choice choice(Optional<String> obstacle, boolean withoutKafkaImage) {
    return new SharedServers.Choice(
        embedded, () -> new FakeServers("container", withoutKafkaImage), () -> obstacle);
  }

  private static String line(String which) {
    return "bgfetch tests: backends " + which + System.lineSeparator();
  }

  private final class FakeServers implements Servers {
    private final String kind;
    private final boolean withoutKafka;

    FakeServers(String kind, boolean withoutKafka) {
      this.kind = kind;
      this.withoutKafka = withoutKafka;
    }

    @Override
    public Server postgres() {
      return new FakeServer(kind + " postgres");
    }

    @Override
    public Server kafka() {
      if (withoutKafka) {
        throw new IllegalStateException("no such image\nand more");
      }
      return new FakeServer(kind + " kafka");
    }
  }

  private final class FakeServer implements Server {
    private final String address;

    FakeServer(String address) {
      this.address = address;
      start();
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public void stop() {
      running.remove(address);
    }

    @Override
    public void start() {
      running.add(address);
    }

    @Override
    public void close() {
      stop();
    }
  }
}
