package io.bgfetch.standalone;

import io.bgfetch.client.BackgroundFetchManager;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Two gateways, three workers, Kafka and Postgres, each in processes of their own with small heaps,
 * and a small space for bodies.
 */
final class ProcessCluster implements AutoCloseable {
  private static final int GATEWAYS = 2;
  private static final int WORKERS = 3;
  private static final int MEGABYTES = 256;
  private static final Duration CALL = Duration.ofSeconds(10);

  /** With the optimizing compiler their first minute costs twice as much. */
  private static final String[] JVM = {"-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

  private final PostgresProcess postgres;
  private final KafkaProcess kafka;
  private final BlobSpace blobs;
  private final Fleet fleet;
  private final Crew gateways;
  private final Crew workers;

  private ProcessCluster(PostgresProcess postgres, KafkaProcess kafka, BlobSpace blobs, Path data) {
    this.postgres = postgres;
    this.kafka = kafka;
    this.blobs = blobs;
    this.fleet = new Fleet(postgres.uri(), kafka.address(), data);
    this.gateways = new Crew(GATEWAYS, () -> fleet.gateway(JVM));
    this.workers = new Crew(WORKERS, () -> fleet.worker(JVM));
  }

  /** Starts one; it is ready when this returns. */
  static ProcessCluster start(Path directory) throws Exception {
    KafkaProcess kafka = KafkaProcess.start(directory.resolve("kafka"));
    PostgresProcess postgres = PostgresProcess.start(directory.resolve("postgres"));
    BlobSpace blobs = BlobSpace.at(directory.resolve("blobs"), MEGABYTES);
    ProcessCluster cluster = new ProcessCluster(postgres, kafka, blobs, directory);
    cluster.gateways.awaitReady();
    cluster.workers.awaitReady();
    return cluster;
  }

  PostgresProcess postgres() {
    return postgres;
  }

  KafkaProcess kafka() {
    return kafka;
  }

  BlobSpace blobs() {
    return blobs;
  }

  Crew gateways() {
    return gateways;
  }

  Crew workers() {
    return workers;
  }

  /** By any gateway that is believed to be ready. */
  Optional<BackgroundFetchManager> client() {
    return gateways.ready(ThreadLocalRandom.current()).map(ProcessCluster::client);
  }

  private static BackgroundFetchManager client(BgfetchProcess gateway) {
    return BackgroundFetchManager.builder(URI.create(gateway.awaitUrl())).callTimeout(CALL).build();
  }

  @Override
  public void close() throws Exception {
    fleet.close();
    blobs.close();
    kafka.close();
    postgres.close();
  }
}
