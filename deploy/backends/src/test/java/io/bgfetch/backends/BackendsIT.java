package io.bgfetch.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class BackendsIT {
  @TempDir Path dataDir;

  @Nested
  class AfterAKillOfTheJvm {
    @Test
    void bothServersComeBackWithTheirDataAtTheirAddresses() throws Exception {
      BackendsProcess killed = BackendsProcess.start(dataDir);
      writeThrough(killed);
      killed.kill();

      assertBackWithItsData(killed);
    }

    @Test
    void soTheyDoWhenPostgresWasKilledWithIt() throws Exception {
      BackendsProcess killed = BackendsProcess.start(dataDir);
      writeThrough(killed);
      ProcessHandle postmaster = postmaster();
      killed.kill();
      postmaster.destroyForcibly();

      assertBackWithItsData(killed);
    }

    private void writeThrough(BackendsProcess process) throws Exception {
      Sql.execute(process.postgresUri(), "CREATE TABLE kept (value text)");
      Sql.execute(process.postgresUri(), "INSERT INTO kept VALUES ('row')");
      Topic topic = new Topic(process.kafkaBootstrapServers(), "kept");
      topic.create();
      topic.append("record");
    }

    private void assertBackWithItsData(BackendsProcess killed) throws SQLException {
      try (Backends backends = Backends.start(new BackendsConfig(dataDir))) {
        assertThat(backends.postgresUri()).isEqualTo(killed.postgresUri());
        assertThat(backends.kafkaBootstrapServers()).isEqualTo(killed.kafkaBootstrapServers());
        assertThat(Sql.query(backends.postgresUri(), "SELECT value FROM kept")).isEqualTo("row");
        assertThat(new Topic(backends.kafkaBootstrapServers(), "kept").readWithAGroup())
            .isEqualTo("record");
      }
    }
  }

  @Test
  void leavesNoServerBehindWhenClosed() throws Exception {
    ProcessHandle postmaster;
    try (Backends backends = Backends.start(new BackendsConfig(dataDir))) {
      assertThat(Sql.query(backends.postgresUri(), "SELECT 1")).isEqualTo("1");
      postmaster = postmaster();
    }

    assertThat(postmaster.isAlive()).isFalse();
    assertThat(dataDir.resolve("postgres/data/postmaster.pid")).doesNotExist();
    assertThat(Listening.at(port("kafka"))).isEmpty();
  }

  @Test
  void endsTheOneWhenTheOtherDoesNotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      BackendsConfig config =
          new BackendsConfig(dataDir, OptionalInt.empty(), OptionalInt.of(taken.getLocalPort()));

      assertThatThrownBy(() -> Backends.start(config))
          .isInstanceOf(BackendsException.class)
          .hasMessageContaining("kafka-port");
    }
    assertThat(Listening.at(port("postgres"))).isEmpty();
  }

  @Test
  void tellsASecondProcessWhoUsesTheDirectory() throws Exception {
    try (BackendsProcess first = BackendsProcess.start(dataDir)) {
      assertThatThrownBy(() -> Backends.start(new BackendsConfig(dataDir)))
          .isInstanceOf(BackendsException.class)
          .hasMessage(
              "the data directory %s is in use by another bgfetch (process %d)",
              dataDir.resolve("postgres"), first.pid());
    }
  }

  private ProcessHandle postmaster() throws Exception {
    String pid = Files.readAllLines(dataDir.resolve("postgres/data/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private int port(String server) throws Exception {
    return Integer.parseInt(Files.readString(dataDir.resolve(server).resolve("port")));
  }
}
