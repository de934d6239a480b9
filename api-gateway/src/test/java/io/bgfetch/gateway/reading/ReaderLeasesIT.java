package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.gateway.reading.ReaderLeases.Lease;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@WithBackends
class ReaderLeasesIT {

  static final Vertx vertx = Vertx.vertx();
  static Database database;

  private final ReaderLeases leases =
      new ReaderLeases(vertx, database.pool(), Duration.ofMillis(50));
  private final UUID uid = UUID.randomUUID();

  @BeforeAll
  static void start(TestBackends backends) {
    Map<String, String> settings = Map.of("BGFETCH_POSTGRES_URI", backends.freshDatabase());
    database = new Database(vertx, PostgresSettings.from(Settings.of(settings, new Properties())));
    result(database.start());
  }

  @AfterAll
  static void stop() {
    result(database.stop());
    result(vertx.close());
  }

  @Test
  void areThereUntilTheyAreDropped() {
    Lease lease = result(leases.take(uid));
    Lease other = result(leases.take(uid));
    assertThat(live()).isEqualTo(2);

    lease.drop();
    await().until(() -> live() == 1);
    lease.drop();
    other.drop();

    await().until(() -> live() == 0);
  }

  @Test
  void lastHalfAMinute() {
    Lease lease = result(leases.take(uid));

    assertThat(number("until > now() + interval '25s' AND until <= now() + interval '30s'"))
        .isEqualTo(1);
    lease.drop();
  }

  @Test
  void areExtendedWhileTheirReaderReads() {
    Lease lease = result(leases.take(uid));
    run("UPDATE reader SET until = now() - interval '1s' WHERE uid = '" + uid + "'");
    await().until(() -> live() == 1);

    run("DELETE FROM reader WHERE uid = '" + uid + "'");
    await().until(() -> live() == 1);
    lease.drop();
  }

  @Test
  void ofDeadGatewaysAreForgotten() {
    run(
        "INSERT INTO reader (reader, uid, until)"
            + " VALUES (gen_random_uuid(), '%s', now() - interval '2 minutes')".formatted(uid));

    Lease lease = result(leases.take(UUID.randomUUID()));

    await().until(() -> number("true") == 0);
    lease.drop();
  }

  private long live() {
    return number("until > now()");
  }

  private long number(String condition) {
    String sql = "SELECT count(*) FROM reader WHERE uid = '" + uid + "' AND " + condition;
    return result(database.pool().query(sql).execute()).iterator().next().getLong(0);
  }

  private static void run(String sql) {
    result(database.pool().query(sql).execute());
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
