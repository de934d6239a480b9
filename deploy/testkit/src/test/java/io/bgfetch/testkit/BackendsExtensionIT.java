package io.bgfetch.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithBackends
@SharedBroker
class BackendsExtensionIT {
  private final TestBackends backends;

  BackendsExtensionIT(TestBackends backends) {
    this.backends = backends;
  }

  @Test
  void givesTheSameToConstructorAndMethod(TestBackends again) {
    assertThat(again).isSameAs(backends);
  }

  @Test
  void makesEachDatabaseAnew() throws SQLException {
    String first = backends.freshDatabase();
    String second = backends.freshDatabase();
    new PostgresUri(first).execute("CREATE TABLE t (n int)");

    assertThatThrownBy(() -> new PostgresUri(second).execute("SELECT * FROM t"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void keepsABrokerOfItsOwnApart() throws Exception {
    String topic = backends.topicPrefix() + "topic";
    String broker = backends.freshKafka();
    createTopic(broker, topic);

    assertThat(topics(broker)).contains(topic);
    assertThat(topics(backends.kafkaBootstrapServers())).doesNotContain(topic);
  }

  @Nested
  class AnIsolatedPair {
    private final IsolatedBackends pair = backends.isolated();

    @Test
    void keepsItsDataOverAStop() throws Exception {
      PostgresUri postgres = new PostgresUri(pair.postgresUri());
      postgres.execute("CREATE TABLE kept (n int)");
      createTopic(pair.kafkaBootstrapServers(), "kept");

      pair.stopPostgres();
      pair.stopKafka();
      assertThatThrownBy(() -> postgres.execute("SELECT 1")).isInstanceOf(SQLException.class);
      pair.startKafka();
      pair.startPostgres();

      postgres.execute("SELECT * FROM kept");
      assertThat(topics(pair.kafkaBootstrapServers())).contains("kept");
    }

    @Test
    void mayBeStoppedAndStartedTwice() throws SQLException {
      pair.stopPostgres();
      pair.stopPostgres();
      pair.startPostgres();
      pair.startPostgres();

      new PostgresUri(pair.postgresUri()).execute("SELECT 1");
    }
  }

  private static void createTopic(String broker, String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, SECONDS);
    }
  }

  private static Set<String> topics(String broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      return admin.listTopics().names().get(30, SECONDS);
    }
  }
}
