package io.bgfetch.standalone;

import io.bgfetch.client.BackgroundFetchManager;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

  /** Longer than any is halted: who gives up on one and asks another may register twice. */
  private static final Duration CALL = Duration.ofSeconds(30);

  /** With the optimizing compiler their first minute costs twice as much. */
  private static final String[] JVM = {"-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final KafkaProcess kafka;
  private final PostgresProcess postgres;
  private final BlobSpace blobs;
  private final Crew gateways;
  private final Crew workers;

  /** Starts one; it is ready when this returns. */
  ProcessCluster(Path directory) throws Exception {
    try {
      kafka = own(KafkaProcess.start(directory.resolve("kafka")));
      postgres = own(PostgresProcess.start(directory.resolve("postgres")));
      blobs = own(BlobSpace.at(directory.resolve("blobs"), MEGABYTES));
      Fleet fleet = own(new Fleet(postgres.uri(), kafka.address(), directory));
      gateways = new Crew(GATEWAYS, () -> fleet.gateway(JVM));
      workers = new Crew(WORKERS, () -> fleet.worker(JVM));
      awaitReady();
    } catch (Exception | AssertionError failed) {
      close();
      throw failed;
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    open.push(part);
    return part;
  }

  void awaitReady() {
    gateways.awaitReady();
    workers.awaitReady();
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

  /** Where any gateway is that is believed to be ready. */
  Optional<URI> gateway() {
    return gateways
        .ready(ThreadLocalRandom.current())
        .map(BgfetchProcess::awaitUrl)
        .map(URI::create);
  }

  private static BackgroundFetchManager client(BgfetchProcess gateway) {
    return BackgroundFetchManager.builder(URI.create(gateway.awaitUrl()))
        .callTimeout(CALL)
        .retryTimeout(Duration.ZERO) // whoever asks in vain asks another one
        .build();
  }

  /** By both gateways. */
  BackgroundFetchManager clientOfAll() {
    List<URI> urls = gateways.members().stream().map(one -> URI.create(one.awaitUrl())).toList();
    return BackgroundFetchManager.of(urls.getFirst(), urls.stream().skip(1).toArray(URI[]::new));
  }

  @Override
  public void close() throws Exception {
    Exception failed = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception notClosed) {
        if (failed != null) {
          notClosed.addSuppressed(failed);
        }
        failed = notClosed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
