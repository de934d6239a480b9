package io.bgfetch.gateway.news;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@WithBackends
class NewsFeedIT {

  private static final int FOLLOWED = 1_500;

  static Vertx vertx;
  static Database database;

  @BeforeAll
  static void start(TestBackends backends) {
    vertx = Vertx.vertx();
    Map<String, String> settings = Map.of("BGFETCH_POSTGRES_URI", backends.freshDatabase());
    database = new Database(vertx, PostgresSettings.from(Settings.of(settings, new Properties())));
    await(database.start());
  }

  @AfterAll
  static void stop() {
    await(database.stop());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static RowSet<Row> registrations() {
    return await(
        database
            .pool()
            .query(
                """
                INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons,
                  retry_limit, retry_statuses, retry_unsafe, connect_millis, first_byte_millis,
                  idle_millis, total_millis, retention_seconds, upload_total, download_total, total,
                  version)
                SELECT gen_random_uuid(), 'one', n, sha256(n::text::bytea), 0, '', '[]', 5, '{}',
                       false, 1, 1, 1, 1, 86400, 0, 0, 1, 1
                  FROM generate_series(1, %d) AS n
                RETURNING uid
                """
                    .formatted(FOLLOWED))
            .execute());
  }

  @Test
  void looksAtAllThatAreFollowedWhileKafkaIsAway() {
    Set<UUID> heard = ConcurrentHashMap.newKeySet();
    Follower follower =
        new Follower() {
          @Override
          public void hear(News news) {
            heard.add(news.uid());
          }

          @Override
          public void end() {}
        };
    Audience audience = new Audience();
    registrations().forEach(row -> audience.follow("one", row.getUUID("uid"), follower));
    NewsFeed feed =
        new NewsFeed(
            vertx,
            KafkaSettings.ofServers("127.0.0.1:1"),
            database.pool(),
            audience,
            InstantSource.system());

    await(feed.start());
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(heard).hasSize(FOLLOWED));
    } finally {
      await(feed.stop());
    }
  }

  @Test
  void hasHeardAllEndsOnlyUntilTheOldestThatWasNotPublished() {
    HeardEnds ends = new HeardEnds(database.pool(), InstantSource.system());
    UUID uid = await(database.pool().query(END).execute()).iterator().next().getUUID("uid");

    await(ends.ask());
    long before = System.currentTimeMillis() - 600_000;
    assertThat(ends.until(before)).isZero(); // not everything was heard that was published then
    assertThat(ends.until(Long.MAX_VALUE)).isEqualTo(1_769_860_800_000L);

    sql("UPDATE registration SET published_version = end_version WHERE uid = '" + uid + "'");
    await(ends.ask());
    assertThat(ends.until(Long.MAX_VALUE)).isGreaterThan(before);
  }

  /** What was published while it asked counts, and has to have been heard too. */
  @Test
  void hasHeardAllEndsOnceItHeardWhatWasPublishedWhileItAsked() {
    AtomicLong clock = new AtomicLong(1_000);
    HeardEnds ends =
        new HeardEnds(database.pool(), () -> Instant.ofEpochMilli(clock.getAndAdd(1_000)));

    await(ends.ask());

    assertThat(ends.until(1_500)).isZero();
    assertThat(ends.until(2_000)).isEqualTo(1_000);
  }

  private static void sql(String sql) {
    await(database.pool().query(sql).execute());
  }

  private static final String END =
      """
      INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons,
        retry_limit, retry_statuses, retry_unsafe, connect_millis, first_byte_millis,
        idle_millis, total_millis, retention_seconds, upload_total, download_total, total,
        version, result, settled, succeeded, end_version, ended_at, expires_at)
      SELECT gen_random_uuid(), 'ended', 'one', sha256('one'), 0, '', '[]', 5, '{}',
             false, 1, 1, 1, 1, 86400, 0, 0, 1, 2, 'success', 1, 1, 2,
             '2026-01-31T12:00:00Z', '2026-02-01T12:00:00Z'
      RETURNING uid
      """;
}
