package io.bgfetch.testkit;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Waits until a backend takes requests at its address. */
final class Answering {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  private Answering() {}

  static void await(String address) {
    try {
      if (address.startsWith("postgresql:")) {
        awaitPostgres(new PostgresUri(address));
      } else {
        awaitKafka(address);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a backend", e);
    }
  }

  private static void awaitPostgres(PostgresUri uri) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try {
        uri.execute("SELECT 1");
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Postgres does not answer", e);
        }
        Thread.sleep(POLL);
      }
    }
  }

  private static void awaitKafka(String bootstrapServers) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      var unused = admin.describeCluster().nodes().get(DEADLINE.toNanos(), NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka does not answer at " + bootstrapServers, e);
    }
  }
}
