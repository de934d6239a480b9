package io.bgfetch.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema to this version, under a lock, so that gateways may start at the same time.
 * Blocks.
 */
final class Migration {

  private static final String SCRIPTS = "classpath:io/bgfetch/gateway/database/migration";
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final PostgresSettings settings;

  Migration(PostgresSettings settings) {
    this.settings = settings;
  }

  /**
   * Waits for Postgres, then migrates.
   *
   * @throws BackendMissingException if no Postgres answered in time
   */
  void run() throws InterruptedException {
    DataSource source = settings.dataSource();
    awaitPostgres(source);
    Flyway.configure(Migration.class.getClassLoader())
        .dataSource(source)
        .locations(SCRIPTS)
        .load()
        .migrate();
  }

  private void awaitPostgres(DataSource source) throws InterruptedException {
    long deadline = System.nanoTime() + settings.startWithin().toNanos();
    while (true) {
      try (Connection connection = source.getConnection()) {
        connection.isValid(1);
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > deadline) {
          throw new BackendMissingException(
              "no Postgres at "
                  + settings.address()
                  + " within "
                  + settings.startWithin().toSeconds()
                  + " s: "
                  + notYet.getMessage());
        }
      }
      Thread.sleep(PAUSE);
    }
  }
}
