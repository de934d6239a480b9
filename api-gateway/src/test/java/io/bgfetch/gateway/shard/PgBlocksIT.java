package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocked hosts in a real Postgres. */
@WithBackends
class PgBlocksIT {

  private static final long MINUTE = 60_000;
  private static final Vertx VERTX = Vertx.vertx();
  private static Database database;

  private final long now = found().now();

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

  @BeforeEach
  void forgetAll() {
    ended(database.pool().query("DELETE FROM host_block").execute());
  }

  private static <T> T ended(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  private static PgBlocks.Found found() {
    return ended(PgBlocks.read(database.pool(), 3));
  }

  private HostBlock block(long length, int level) {
    return new HostBlock(now + length, level, now + length + MINUTE);
  }

  private void write(Map<String, HostBlock> blocks) {
    ended(
        database
            .pool()
            .withTransaction(
                connection -> PgBlocks.write(connection, new TreeMap<>(blocks)).mapEmpty()));
  }

  @Test
  void areReadAsTheyWereWritten() {
    Map<String, HostBlock> blocks =
        Map.of("a.example:80", block(1_234, 1), "b.example:443", block(5_678, 7));

    write(blocks);

    assertThat(found().hosts()).isEqualTo(blocks);
  }

  @Test
  void tellHowLateItIsWhereThereAreNone() {
    assertThat(found().hosts()).isEmpty();
    assertThat(found().now()).isCloseTo(System.currentTimeMillis(), within(MINUTE));
  }

  @Test
  void areThoseThatEndLatestWhoeverWritesLast() {
    write(Map.of("a.example:80", block(MINUTE, 3)));
    write(Map.of("a.example:80", block(1_000, 1)));
    assertThat(found().hosts()).containsExactly(Map.entry("a.example:80", block(MINUTE, 3)));

    write(Map.of("a.example:80", block(2 * MINUTE, 2)));
    assertThat(found().hosts()).containsExactly(Map.entry("a.example:80", block(2 * MINUTE, 2)));
  }

  @Test
  void areReadUntilTheyAreForgivenAndNoMoreThanAskedFor() {
    write(
        Map.of(
            "forgiven:80", new HostBlock(now - 2 * MINUTE, 1, now - MINUTE),
            "over:80", new HostBlock(now - MINUTE, 1, now + MINUTE),
            "short:80", block(MINUTE, 1),
            "long:80", block(3 * MINUTE, 1),
            "longer:80", block(4 * MINUTE, 1)));

    assertThat(found().hosts()).containsOnlyKeys("longer:80", "long:80", "short:80");
    ended(database.pool().query("DELETE FROM host_block WHERE host = 'long:80'").execute());
    assertThat(found().hosts()).containsOnlyKeys("longer:80", "short:80", "over:80");
    ended(database.pool().query("DELETE FROM host_block WHERE host = 'short:80'").execute());
    assertThat(found().hosts()).containsOnlyKeys("longer:80", "over:80");
  }
}
