package io.bgfetch.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to this version, under a lock, so that gateways may start at the same time.
 * Others may be at work meanwhile: it never waits long for a lock of a table, behind which
 * everybody would queue, but gives up and tries again. Blocks.
 */
final class Migration {

  private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
  private static final String SCRIPTS = "classpath:io/bgfetch/gateway/database/migration";
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Nobody else gets at a table meanwhile: shorter than anybody's patience. */
  private static final String WAIT_FOR_LOCKS = "SET lock_timeout = '1s'";

  private static final int TRIES = 20;

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
    awaitPostgres(source); // before Flyway, which makes many words of it
    Flyway scripts =
        Flyway.configure(Migration.class.getClassLoader())
            .dataSource(source)
            .initSql(WAIT_FOR_LOCKS)
            .locations(SCRIPTS)
            .load();
    for (int left = TRIES - 1; !migrated(scripts, left > 0); left--) {
      Thread.sleep(PAUSE);
      awaitPostgres(source);
    }
  }

  /**
   * False where a table was in use or Postgres went away, and it may be tried again; a script works
   * whole or not at all.
   */
  private static boolean migrated(Flyway scripts, boolean mayTryAgain) {
    try {
      scripts.migrate();
      return true;
    } catch (FlywayException failed) {
      if (mayTryAgain && isPassing(failed)) {
        LOG.info("a table is in use or Postgres went away, the migration is tried again");
        return false;
      }
      throw failed;
    }
  }

  private static boolean isPassing(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && PostgresFailure.isPassing(sql.getSQLState())) {
        return true;
      }
    }
    return false;
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
