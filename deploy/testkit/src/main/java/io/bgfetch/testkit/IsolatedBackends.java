package io.bgfetch.testkit;

/**
 * A Postgres and a Kafka of one's own, to try outages on: each can be stopped and started again,
 * and then has the same data at the same address. Every call returns when the server is gone, or
 * takes requests again; stopping what is stopped and starting what runs does nothing. Thread-safe.
 */
public interface IsolatedBackends {
  /** {@code postgresql://user:password@host:port/database}, a superuser. */
  String postgresUri();

  /** {@code host:port}. */
  String kafkaBootstrapServers();

  void stopPostgres();

  void startPostgres();

  void stopKafka();

  void startKafka();
}
