package io.bgfetch.testkit;

/**
 * Real Postgres and Kafka for the tests of one class. The pair itself is shared by all tests of the
 * JVM; what the {@code fresh…} methods and {@link #isolated()} make belongs to this class alone and
 * ends with it. Thread-safe.
 */
public interface TestBackends {
  /** The shared Postgres: {@code postgresql://user:password@host:port/database}, a superuser. */
  String postgresUri();

  /**
   * The shared broker: {@code host:port}. It makes no topics by itself.
   *
   * @throws IllegalStateException if the class is not marked with {@link SharedBroker}
   */
  String kafkaBootstrapServers();

  /** Makes an empty database with a random name and returns its URI. */
  String freshDatabase();

  /** A random prefix for the names of topics and groups on the shared broker. */
  String topicPrefix();

  /** Starts another broker and returns its bootstrap servers: for tests with fixed topic names. */
  String freshKafka();

  /** Starts another pair that a test may stop and start again. */
  IsolatedBackends isolated();
}
