package io.bgfetch.testkit;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pair that all tests of a JVM share, and where more of the same kind come from. Containers are
 * taken where a Docker engine answers and has the images or gets them, embedded servers else;
 * {@code -Dbgfetch.test.backends=testcontainers} or {@code embedded} forces one. One line tells
 * which.
 */
final class SharedServers implements AutoCloseable {
  static final String PROPERTY = "bgfetch.test.backends";

  private final Servers source;
  private final Server postgres;
  private final Server kafka;

  private SharedServers(Servers source) {
    this.source = source;
    this.postgres = source.postgres();
    this.kafka = started(source, postgres);
  }

  private static Server started(Servers source, Server postgres) {
    try {
      return source.kafka();
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  /** The two kinds of servers to choose from; containers only if no obstacle is named. */
  record Choice(
      Servers embedded, Supplier<Servers> containers, Supplier<Optional<String>> obstacle) {}

  /**
   * Chooses, starts and tells.
   *
   * @param wish the value of the property, empty when it is not set
   */
  static SharedServers start(String wish, Choice choice, PrintStream out) {
    return switch (wish) {
      case "" -> whatIsThere(choice, out);
      case "embedded" -> embedded(choice, "asked for", out);
      case "testcontainers" -> forcedContainers(choice, out);
      default ->
          throw new IllegalArgumentException(
              "-D%s is testcontainers or embedded, not %s".formatted(PROPERTY, wish));
    };
  }

  private static SharedServers whatIsThere(Choice choice, PrintStream out) {
    Optional<String> obstacle = choice.obstacle().get();
    if (obstacle.isPresent()) {
      return embedded(choice, obstacle.get(), out);
    }
    try {
      return containers(choice, "a Docker engine answers", out);
    } catch (RuntimeException e) {
      return embedded(choice, "the Docker engine starts no container: " + firstLine(e), out);
    }
  }

  private static SharedServers forcedContainers(Choice choice, PrintStream out) {
    choice
        .obstacle()
        .get()
        .ifPresent(
            obstacle -> {
              throw new IllegalStateException(
                  "-D%s=testcontainers cannot be followed: %s".formatted(PROPERTY, obstacle));
            });
    return containers(choice, "asked for", out);
  }

  private static SharedServers containers(Choice choice, String reason, PrintStream out) {
    SharedServers servers = new SharedServers(choice.containers().get());
    out.printf("bgfetch tests: backends testcontainers (%s)%n", reason);
    return servers;
  }

  private static SharedServers embedded(Choice choice, String reason, PrintStream out) {
    out.printf("bgfetch tests: backends embedded (%s)%n", reason);
    return new SharedServers(choice.embedded());
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  Servers source() {
    return source;
  }

  Server postgres() {
    return postgres;
  }

  Server kafka() {
    return kafka;
  }

  @Override
  public void close() {
    kafka.close();
    postgres.close();
  }
}
