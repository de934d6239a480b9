package io.bgfetch.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.config.Settings;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

@WithBackends
class MigrationIT {

  private static final String WAITS =
      """
      SELECT count(*) FROM pg_locks
       WHERE NOT granted AND relation = 'registration'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private static final String CUT_WHO_WAITS =
      """
      SELECT count(pg_terminate_backend(pid)) FROM pg_locks
       WHERE NOT granted AND relation = 'registration'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  /**
   * Without a timeout its ALTER would wait for the one and keep everybody else waiting behind it.
   */
  @Test
  void keepsNobodyWaitingBehindIt(TestBackends backends) throws Exception {
    PostgresSettings settings = settings(backends.freshDatabase());
    migrateToTheFirstVersion(settings);
    try (Connection holder = settings.dataSource().getConnection();
        Connection reader = settings.dataSource().getConnection();
        Connection observer = settings.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      number(holder, "SELECT count(*) FROM registration");

      CompletableFuture<Void> migration = CompletableFuture.runAsync(() -> migrate(settings));
      await().atMost(60, TimeUnit.SECONDS).until(() -> number(observer, WAITS) > 0);
      execute(reader, "SET statement_timeout = '60s'");
      assertThat(number(reader, "SELECT count(*) FROM registration")).isZero();
      holder.commit();

      migration.get(60, TimeUnit.SECONDS);
      assertThat(number(reader, "SELECT count(all_get) FROM registration")).isZero();
    }
  }

  /** As when Postgres is started again meanwhile. */
  @Test
  void goesOnWhenItsConnectionsAreCut(TestBackends backends) throws Exception {
    PostgresSettings settings = settings(backends.freshDatabase());
    migrateToTheFirstVersion(settings);
    try (Connection holder = settings.dataSource().getConnection();
        Connection observer = settings.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      number(holder, "SELECT count(*) FROM registration");

      CompletableFuture<Void> migration = CompletableFuture.runAsync(() -> migrate(settings));
      await().atMost(60, TimeUnit.SECONDS).until(() -> number(observer, CUT_WHO_WAITS) > 0);
      holder.commit();

      migration.get(60, TimeUnit.SECONDS);
      assertThat(number(observer, "SELECT count(all_get) FROM registration")).isZero();
    }
  }

  private static PostgresSettings settings(String uri) {
    return PostgresSettings.from(
        Settings.of(Map.of("BGFETCH_POSTGRES_URI", uri), new Properties()));
  }

  private static void migrateToTheFirstVersion(PostgresSettings settings) {
    Flyway.configure(Migration.class.getClassLoader())
        .dataSource(settings.dataSource())
        .locations("classpath:io/bgfetch/gateway/database/migration")
        .target("1")
        .load()
        .migrate();
  }

  private static void migrate(PostgresSettings settings) {
    try {
      new Migration(settings).run();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
