package io.bgfetch.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server on 127.0.0.1 as a child process of this JVM. It asks for a password
 * (SCRAM-SHA-256), is reached by TCP only, and writes through to the disk at every commit, so what
 * was committed survives a kill of it, of the JVM and of both.
 *
 * <p>Its directory holds {@code data}, the {@code password} (readable by its owner only), the
 * {@code port} of the last start and {@code postgres.log}. Thread-safe; the owner closes it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  static final String NAME = "bgfetch";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final Duration READY =
      Duration.ofMinutes(2); // after a crash it reads its log first

  private final Path directory;
  private final DirectoryLock lock;
  private final PostgresServer server;
  private final int port;
  private final String password;
  private boolean closed;

  private EmbeddedPostgres(
      Path directory, DirectoryLock lock, PostgresServer server, int port, String password) {
    this.directory = directory;
    this.lock = lock;
    this.server = server;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts it, making the data directory and an empty database first where there is none, and
   * ending what an earlier process left running on this directory.
   *
   * @param port the port asked for; empty or 0: the one of the last start when it is free, else any
   * @throws BackendsException when it does not start
   */
  public static EmbeddedPostgres start(Path directory, OptionalInt port) {
    try {
      Path absolute = directory.toAbsolutePath().normalize();
      Files.createDirectories(absolute);
      return locked(absolute.toRealPath(), port);
    } catch (IOException | SQLException e) {
      throw BackendsException.of("PostgreSQL", directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendsException("interrupted while PostgreSQL was starting", e);
    }
  }

  private static EmbeddedPostgres locked(Path directory, OptionalInt port)
      throws IOException, InterruptedException, SQLException {
    DirectoryLock lock = DirectoryLock.acquire(directory);
    try {
      return started(directory, lock, port);
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedPostgres started(Path path, DirectoryLock lock, OptionalInt askedPort)
      throws IOException, InterruptedException, SQLException {
    PostgresDirectory directory = new PostgresDirectory(path);
    new PostgresProcesses(directory.data()).endAll();
    int port = LoopbackPort.choose(path.resolve("port"), askedPort, "postgres-port");
    Launcher launcher = Launcher.find();
    launcher.settleIn(path);
    PostgresBinaries binaries = PostgresBinaries.install(path, launcher);
    directory.initialize(binaries, launcher);
    PostgresServer server =
        PostgresServer.start(
            launcher.command(binaries.program("postgres", settings(directory.data(), port))),
            directory.data(),
            directory.log(),
            READY);
    var postgres = new EmbeddedPostgres(path, lock, server, port, directory.password());
    postgres.openForUse();
    return postgres;
  }

  private static List<String> settings(Path data, int port) {
    List<String> settings =
        List.of(
            "listen_addresses=" + LoopbackPort.HOST,
            "port=" + port,
            "unix_socket_directories=",
            "max_connections=200",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "max_wal_size=512MB",
            "timezone=UTC",
            "log_timezone=UTC",
            "logging_collector=off",
            // what was asked for is nobody's business but the client's, who gets the whole error
            "log_error_verbosity=terse",
            "log_min_error_statement=panic");
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
    settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return arguments;
  }

  private void openForUse() throws SQLException, InterruptedException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      requireOn(statement, "fsync");
      requireOn(statement, "synchronous_commit");
    } catch (SQLException | RuntimeException e) {
      server.stop();
      throw e;
    }
  }

  /** Somebody's own line in {@code postgresql.auto.conf} must not cost them their data. */
  private static void requireOn(Statement statement, String setting) throws SQLException {
    try (ResultSet result = statement.executeQuery("SHOW " + setting)) {
      if (!result.next() || !result.getString(1).equals("on")) {
        throw new BackendsException("PostgreSQL runs with %s off".formatted(setting));
      }
    }
  }

  private Connection connect() throws SQLException {
    try {
      return connect(NAME);
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
    }
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + NAME);
    }
    return connect(NAME);
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", NAME);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    String url = "jdbc:postgresql://%s:%d/%s".formatted(LoopbackPort.HOST, port, database);
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not know " + url);
    }
    return connection;
  }

  /** Where it listens: {@code postgresql://user:password@127.0.0.1:port/database}. */
  public String uri() {
    return "postgresql://%s:%s@%s:%d/%s".formatted(NAME, password, LoopbackPort.HOST, port, NAME);
  }

  /** The port of 127.0.0.1 on which it listens. */
  public int port() {
    return port;
  }

  /** Its directory. */
  public Path directory() {
    return directory;
  }

  /** Cuts all sessions and ends it within 20 s. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.stop();
      lock.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the data directory's lock cannot be given back");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
