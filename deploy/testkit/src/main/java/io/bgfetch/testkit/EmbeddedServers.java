package io.bgfetch.testkit;

import io.bgfetch.backends.EmbeddedKafka;
import io.bgfetch.backends.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Servers below and in this JVM, each on a temporary directory. */
final class EmbeddedServers implements Servers {
  @Override
  public Server postgres() {
    return new Postgres();
  }

  @Override
  public Server kafka() {
    return new Kafka();
  }

  private static final class Postgres implements Server {
    private final Path directory = temporary("bgfetch-test-postgres");
    private final EmbeddedPostgres first = EmbeddedPostgres.start(directory, OptionalInt.empty());
    private @Nullable EmbeddedPostgres running = first;

    @Override
    public String address() {
      return first.uri();
    }

    @Override
    public synchronized void stop() {
      if (running != null) {
        running.close();
        running = null;
      }
    }

    @Override
    public synchronized void start() {
      if (running == null) {
        running = EmbeddedPostgres.start(directory, OptionalInt.of(first.port()));
      }
    }

    @Override
    public void close() {
      stop();
      delete(directory);
    }
  }

  private static final class Kafka implements Server {
    private final Path directory = temporary("bgfetch-test-kafka");
    private final EmbeddedKafka first = EmbeddedKafka.start(directory, OptionalInt.empty());
    private @Nullable EmbeddedKafka running = first;

    @Override
    public String address() {
      return first.bootstrapServers();
    }

    @Override
    public synchronized void stop() {
      if (running != null) {
        running.close();
        running = null;
      }
    }

    @Override
    public synchronized void start() {
      if (running == null) {
        running = EmbeddedKafka.start(directory, OptionalInt.of(first.port()));
      }
    }

    @Override
    public void close() {
      stop();
      delete(directory);
    }
  }

  private static Path temporary(String name) {
    try {
      return Files.createTempDirectory(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
