package io.bgfetch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Servers in containers of the Docker engine that Testcontainers finds, on loopback. */
final class ContainerServers implements Servers {
  private static final String POSTGRES_IMAGE = "postgres:18-alpine";
  private static final String KAFKA_IMAGE = "apache/kafka:4.1.0";
  private static final String NAME = "bgfetch";
  private static final int POSTGRES_PORT = 5432;
  private static final int KAFKA_PORT = 9092;
  private static final Duration STOP = Duration.ofSeconds(20);

  @Override
  public Server postgres() {
    var container =
        new PostgreSQLContainer(POSTGRES_IMAGE)
            .withDatabaseName(NAME)
            .withUsername(NAME)
            .withPassword(NAME);
    container.setCommand("postgres", "-c", "max_connections=200");
    return new ContainerServer<>(
        container,
        POSTGRES_PORT,
        postgres ->
            "postgresql://%s:%s@%s:%d/%s"
                .formatted(
                    NAME, NAME, postgres.getHost(), postgres.getMappedPort(POSTGRES_PORT), NAME));
  }

  @Override
  public Server kafka() {
    var container =
        new KafkaContainer(KAFKA_IMAGE)
            .withEnv(
                Map.of(
                    "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
                    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
                    "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000"));
    return new ContainerServer<>(container, KAFKA_PORT, KafkaContainer::getBootstrapServers);
  }

  /** Its port on the host is fixed: Docker gives a container that starts again another one else. */
  private static final class ContainerServer<C extends GenericContainer<?>> implements Server {
    private final C container;
    private final String address;

    ContainerServer(C container, int port, Function<C, String> address) {
      this.container = container;
      container.setPortBindings(List.of("127.0.0.1:%d:%d".formatted(freePort(), port)));
      container.start();
      this.address = address.apply(container);
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public synchronized void stop() {
      if (container.isRunning()) {
        container
            .getDockerClient()
            .stopContainerCmd(container.getContainerId())
            .withTimeout((int) STOP.toSeconds())
            .exec();
      }
    }

    @Override
    public synchronized void start() {
      if (!container.isRunning()) {
        container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
        Answering.await(address);
      }
    }

    @Override
    public synchronized void close() {
      container.stop();
    }
  }

  private static int freePort() {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
