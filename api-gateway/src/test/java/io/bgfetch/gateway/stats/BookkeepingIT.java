package io.bgfetch.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.gateway.stats.TenantStats.Interval;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The books of two gateways in a real Postgres. */
@WithBackends
class BookkeepingIT {

  private static final Vertx VERTX = Vertx.vertx();
  private static Database database;

  private final String tenant = UUID.randomUUID().toString();
  private final Bookkeeping one = new Bookkeeping(VERTX, database.pool());
  private final Bookkeeping other = new Bookkeeping(VERTX, database.pool());
  private final Map<String, Integer> running = new HashMap<>();

  @BeforeAll
  static void start(TestBackends backends) {
    database =
        new Database(
            VERTX,
            PostgresSettings.from(
                Settings.of(
                    Map.of("BGFETCH_POSTGRES_URI", backends.freshDatabase()), new Properties())));
    ended(database.start());
  }

  @AfterAll
  static void stop() {
    ended(database.stop());
    ended(VERTX.close());
  }

  private static <T> T ended(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  private static void sql(String statement) {
    ended(database.pool().query(statement).execute());
  }

  /** All that is written of the tenant, the present interval included: it is moved to the past. */
  private Traffic written() {
    sql("UPDATE traffic SET at = at - interval '2 minutes' WHERE tenant = '" + tenant + "'");
    return stats().intervals().stream()
        .map(Interval::traffic)
        .reduce(new Traffic(0, 0), Traffic::plus);
  }

  private TenantStats stats() {
    return ended(new Stats(database.pool()).of(tenant));
  }

  @Test
  void areAddedUpOverGateways() {
    one.count(Map.of(tenant, new Traffic(1, 10)));
    one.count(Map.of(tenant, new Traffic(1, 5), "another", new Traffic(9, 90)));
    other.count(Map.of(tenant, new Traffic(2, 7)));

    ended(Future.all(one.write(), other.write()));
    ended(one.write());

    assertThat(written()).isEqualTo(new Traffic(4, 22));
  }

  @Test
  void areWrittenWithTheNextWhereTheyCouldNotBeWritten() {
    one.count(Map.of(tenant, new Traffic(1, 10)));
    sql("ALTER TABLE traffic RENAME TO away");
    assertThatThrownBy(() -> ended(one.write())).isInstanceOf(PgException.class);
    sql("ALTER TABLE away RENAME TO traffic");
    one.count(Map.of(tenant, new Traffic(1, 1)));

    ended(one.write());

    assertThat(written()).isEqualTo(new Traffic(2, 11));
  }

  @Test
  void areWrittenAtTheEnd() {
    ended(one.start());
    one.count(Map.of(tenant, new Traffic(1, 10)));

    ended(one.stop());

    assertThat(written()).isEqualTo(new Traffic(1, 10));
  }

  @Test
  void sayWhatRunsInTheShardsOfAllGateways() {
    one.hold(1, () -> Map.of(tenant, 3, "another", 7));
    one.hold(2, () -> Map.of(tenant, 1));
    other.hold(3, () -> running);
    running.put(tenant, 10);
    ended(Future.all(one.write(), other.write()));
    assertThat(stats().running()).isEqualTo(14);

    running.clear();
    ended(other.write());

    assertThat(stats().running()).isEqualTo(4);
  }

  @Test
  void ofAShardThatMovedAreThoseOfItsNewOwner() {
    one.hold(1, () -> Map.of(tenant, 3));
    ended(one.write());
    other.hold(1, () -> Map.of(tenant, 5));
    ended(other.write());

    assertThat(stats().running()).isEqualTo(5);
  }

  @Test
  void ofAShardWithoutAnOwnerCountNoMoreAfterTenSeconds() {
    one.hold(1, () -> Map.of(tenant, 3));
    ended(one.write());

    sql("UPDATE shard_load SET at = at - interval '10 seconds'");

    assertThat(stats().running()).isZero();
  }
}
