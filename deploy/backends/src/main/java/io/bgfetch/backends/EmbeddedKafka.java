package io.bgfetch.backends;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker (KRaft, broker and controller in one) on 127.0.0.1 inside this JVM. What it
 * acknowledged survives a kill of the JVM; like any broker with one replica it leaves it to the
 * system when to write to the disk.
 *
 * <p>Its directory holds {@code data} and the ports of the last start. Thread-safe; the owner
 * closes it.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Duration STOP = Duration.ofSeconds(10);

  static {
    // A broker that cannot go on would take this whole JVM down; an embedded one only itself.
    Exit.setHaltProcedure(EmbeddedKafka::refuseToExit);
    Exit.setExitProcedure(EmbeddedKafka::refuseToExit);
  }

  private final DirectoryLock lock;
  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedKafka(DirectoryLock lock, KafkaRaftServer server, int port) {
    this.lock = lock;
    this.server = server;
    this.port = port;
  }

  private static void refuseToExit(int status, @Nullable String message) {
    throw new IllegalStateException("Kafka gives up with status " + status + ": " + message);
  }

  /**
   * Starts it and waits until it takes requests. After a kill that takes some seconds, until the
   * controller has given up the broker that it remembers.
   *
   * @param port the port asked for; empty or 0: the one of the last start when it is free, else any
   * @throws BackendsException when it does not start
   */
  public static EmbeddedKafka start(Path directory, OptionalInt port) {
    try {
      Path absolute = directory.toAbsolutePath().normalize();
      Files.createDirectories(absolute);
      return locked(absolute, port);
    } catch (BackendsException e) {
      throw e;
    } catch (Exception e) { // Formatter declares it, and Scala code throws what it likes
      throw BackendsException.of("Kafka", directory, e);
    }
  }

  private static EmbeddedKafka locked(Path directory, OptionalInt askedPort) throws Exception {
    DirectoryLock lock = DirectoryLock.acquire(directory);
    try {
      int port = LoopbackPort.choose(directory.resolve("port"), askedPort, "kafka-port");
      int controllerPort =
          LoopbackPort.choose(
              directory.resolve("controller-port"), OptionalInt.empty(), "controller-port");
      return new EmbeddedKafka(lock, started(data(directory), port, controllerPort), port);
    } catch (Exception e) {
      lock.close();
      throw e;
    }
  }

  private static KafkaRaftServer started(Path data, int port, int controllerPort) {
    KafkaConfig config = new KafkaConfig(BrokerSettings.of(data, port, controllerPort), false);
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      server.shutdown();
      throw e;
    }
  }

  /** Made beside and renamed, so that one that was cut short is never taken for whole. */
  private static Path data(Path directory) throws Exception {
    Path data = directory.resolve("data");
    if (!Files.isDirectory(data)) {
      Path partial = directory.resolve("data.partial");
      FileTree.delete(partial);
      Files.createDirectory(partial);
      format(partial);
      Files.move(partial, data, ATOMIC_MOVE);
    }
    return data;
  }

  private static void format(Path data) throws Exception {
    try (PrintStream silence = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(silence)
          .setNodeId(BrokerSettings.NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName(BrokerSettings.CONTROLLER)
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .run();
    }
  }

  /** Where clients find it: {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return LoopbackPort.HOST + ":" + port;
  }

  /** The port of 127.0.0.1 on which it listens. */
  public int port() {
    return port;
  }

  /** Ends it; returns after 10 s at the latest. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stop();
      lock.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the data directory's lock cannot be given back");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() throws InterruptedException {
    Thread stopping = Thread.ofPlatform().name("bgfetch-kafka-stop").daemon().start(this::shutDown);
    if (!stopping.join(STOP)) {
      LOG.atWarn().addKeyValue("deadline", STOP).log("Kafka does not end in time");
    }
  }

  private void shutDown() {
    server.shutdown();
    server.awaitShutdown();
  }
}
