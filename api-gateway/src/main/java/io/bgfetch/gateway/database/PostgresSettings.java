package io.bgfetch.gateway.database;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach Postgres.
 *
 * @param uri {@code postgresql://user:password@host:port/database}, and perhaps {@code ?sslmode=…}
 * @param connections that one gateway holds at most
 * @param waiting for a connection at most; what comes on top fails at once
 * @param connectWithin the deadline of a connection, and of the wait for one
 * @param statementWithin the deadline of a statement
 * @param startWithin how long a start waits for a Postgres that is not there yet
 */
public record PostgresSettings(
    String uri,
    int connections,
    int waiting,
    Duration connectWithin,
    Duration statementWithin,
    Duration startWithin) {

  private static final String URI = "BGFETCH_POSTGRES_URI";
  private static final String LOCK_TIMEOUT = "5000";

  public PostgresSettings {
    try {
      Objects.requireNonNull(PgConnectOptions.fromUri(uri));
    } catch (RuntimeException notOne) {
      throw new SettingException(URI, "is not postgresql://user:password@host:port/database");
    }
  }

  public static PostgresSettings from(Settings settings) {
    return new PostgresSettings(
        settings.required(URI),
        settings.number("BGFETCH_POSTGRES_CONNECTIONS", 16, 4, 1_000),
        settings.number("BGFETCH_POSTGRES_WAITING", 1_000, 1, 100_000),
        settings.duration("BGFETCH_POSTGRES_CONNECT_TIMEOUT", Duration.ofSeconds(5)),
        settings.duration("BGFETCH_POSTGRES_STATEMENT_TIMEOUT", Duration.ofSeconds(10)),
        Duration.ofSeconds(30));
  }

  /** Where it is, without anything secret. */
  public String address() {
    PgConnectOptions options = PgConnectOptions.fromUri(uri);
    return options.getHost() + ":" + options.getPort() + "/" + options.getDatabase();
  }

  /**
   * Options of the gateway's own connections. Locks are not waited for longer than five seconds.
   * Statements on large tables are meant to walk an index: plans that are made while tables are
   * empty, and kept, must not read all of a table that has grown.
   */
  PgConnectOptions connectOptions() {
    return PgConnectOptions.fromUri(uri)
        .addProperty("application_name", "bgfetch-gateway")
        .addProperty("statement_timeout", Long.toString(statementWithin.toMillis()))
        .addProperty("lock_timeout", LOCK_TIMEOUT)
        .addProperty("enable_seqscan", "off")
        .addProperty("jit", "off") // a plan that has no index looks expensive enough for it
        .addProperty("idle_in_transaction_session_timeout", LOCK_TIMEOUT)
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheSqlFilter(statement -> true); // ours are few, and some are long
  }

  /** The same database by JDBC, for migrations, with the parameters of the URI: they name TLS. */
  PGSimpleDataSource dataSource() {
    PgConnectOptions options = PgConnectOptions.fromUri(uri);
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(jdbcUrl(options));
    source.setUser(options.getUser());
    source.setPassword(options.getPassword());
    source.setApplicationName("bgfetch-migration");
    source.setConnectTimeout(Math.toIntExact(Math.max(1, connectWithin.toSeconds())));
    return source;
  }

  private String jdbcUrl(PgConnectOptions options) {
    String host = options.getHost();
    String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    String database = URLEncoder.encode(options.getDatabase(), StandardCharsets.UTF_8);
    int query = uri.indexOf('?');
    return "jdbc:postgresql://%s:%d/%s%s"
        .formatted(literal, options.getPort(), database, query < 0 ? "" : uri.substring(query));
  }

  @Override
  public String toString() {
    return "PostgresSettings[" + address() + "]";
  }
}
