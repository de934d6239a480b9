package io.bgfetch.testkit;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What one test class has of the backends; closing it takes back what it was given. */
final class ClassBackends implements TestBackends, AutoCloseable {
  private final SharedServers shared;
  private final boolean mayShareBroker;
  private final Deque<Runnable> endings = new ArrayDeque<>();

  ClassBackends(SharedServers shared, boolean mayShareBroker) {
    this.shared = shared;
    this.mayShareBroker = mayShareBroker;
  }

  @Override
  public String postgresUri() {
    return shared.postgres().address();
  }

  @Override
  public String kafkaBootstrapServers() {
    if (!mayShareBroker) {
      throw new IllegalStateException("the class is not marked with @SharedBroker");
    }
    return shared.kafka().address();
  }

  @Override
  public String freshDatabase() {
    String name = "test_" + random();
    run("CREATE DATABASE " + name);
    atTheEnd(() -> run("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
    return new PostgresUri(postgresUri()).database(name).uri();
  }

  private void run(String sql) {
    try {
      new PostgresUri(postgresUri()).execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public String topicPrefix() {
    return "test-" + random() + "-";
  }

  private static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  @Override
  public String freshKafka() {
    return own(shared.source().kafka()).address();
  }

  @Override
  public IsolatedBackends isolated() {
    return new Pair(own(shared.source().postgres()), own(shared.source().kafka()));
  }

  private Server own(Server server) {
    atTheEnd(server::close);
    return server;
  }

  private synchronized void atTheEnd(Runnable ending) {
    endings.push(ending);
  }

  @Override
  public synchronized void close() {
    List<RuntimeException> failures = new ArrayList<>();
    while (!endings.isEmpty()) {
      end(endings.pop()).ifPresent(failures::add);
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  /** One that fails must not keep the others. */
  private static Optional<RuntimeException> end(Runnable ending) {
    try {
      ending.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private record Pair(Server postgres, Server kafka) implements IsolatedBackends {
    @Override
    public String postgresUri() {
      return postgres.address();
    }

    @Override
    public String kafkaBootstrapServers() {
      return kafka.address();
    }

    @Override
    public void stopPostgres() {
      postgres.stop();
    }

    @Override
    public void startPostgres() {
      postgres.start();
    }

    @Override
    public void stopKafka() {
      kafka.stop();
    }

    @Override
    public void startKafka() {
      kafka.start();
    }
  }
}
