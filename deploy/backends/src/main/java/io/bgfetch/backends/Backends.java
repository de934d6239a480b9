package io.bgfetch.backends;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Both embedded servers on one data directory: Postgres in {@code postgres}, Kafka in {@code kafka}
 * below it. They share the life of this object; the owner closes it. Thread-safe.
 */
public final class Backends implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final EmbeddedKafka kafka;

  private Backends(EmbeddedPostgres postgres, EmbeddedKafka kafka) {
    this.postgres = postgres;
    this.kafka = kafka;
  }

  /**
   * Starts both side by side and returns when both take requests. When one does not start the other
   * is ended again.
   *
   * @throws BackendsException when one does not start
   */
  public static Backends start(BackendsConfig config) {
    CompletableFuture<EmbeddedKafka> kafka =
        CompletableFuture.supplyAsync(
            () -> EmbeddedKafka.start(config.dataDir().resolve("kafka"), config.kafkaPort()),
            Backends::inThread);
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(config.dataDir().resolve("postgres"), config.postgresPort());
      return new Backends(postgres, kafkaBeside(postgres, kafka));
    } catch (RuntimeException e) {
      kafka.thenAccept(EmbeddedKafka::close).exceptionally(alsoFailed -> null).join();
      throw e;
    }
  }

  private static void inThread(Runnable task) {
    Thread.ofPlatform().name("bgfetch-kafka-life").daemon().start(task);
  }

  private static EmbeddedKafka kafkaBeside(
      EmbeddedPostgres postgres, CompletableFuture<EmbeddedKafka> kafka) {
    try {
      return kafka.get();
    } catch (ExecutionException e) {
      postgres.close();
      throw e.getCause() instanceof BackendsException reason
          ? reason
          : new BackendsException("Kafka does not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      postgres.close();
      Thread.currentThread().interrupt();
      throw new BackendsException("interrupted while Kafka was starting", e);
    }
  }

  /** {@code postgresql://user:password@127.0.0.1:port/database}. */
  public String postgresUri() {
    return postgres.uri();
  }

  /** {@code 127.0.0.1:port}. */
  public String kafkaBootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Ends both side by side, within 15 s. Clients should be closed before. */
  @Override
  public void close() {
    CompletableFuture<Void> kafkaEnd = CompletableFuture.runAsync(kafka::close, Backends::inThread);
    postgres.close();
    kafkaEnd.join();
  }
}
