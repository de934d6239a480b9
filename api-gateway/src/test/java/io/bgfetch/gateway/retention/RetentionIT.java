package io.bgfetch.gateway.retention;

import static io.bgfetch.gateway.retention.RetentionWorld.await;
import static io.bgfetch.gateway.retention.RetentionWorld.requestKey;
import static io.bgfetch.gateway.retention.RetentionWorld.responseKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.gateway.RunningGateway;
import io.bgfetch.gateway.database.Availability;
import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Time is moved by moving what stands in the rows. */
@WithBackends
@SharedBroker
class RetentionIT {

  @TempDir static Path data;
  static RetentionWorld world;

  @BeforeAll
  static void start(TestBackends backends) throws IOException {
    world = new RetentionWorld(backends.freshDatabase(), data);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String tenant() {
    return UUID.randomUUID().toString();
  }

  private static void assertUntouched(UUID uid) {
    assertThat(world.is(uid, "records_available AND NOT blobs_deleted AND version = 1000"))
        .isTrue();
    assertThat(world.hasBlob(requestKey(uid))).isTrue();
    assertThat(world.hasBlob(responseKey(uid))).isTrue();
    assertThat(world.count("request", uid)).isEqualTo(2);
    assertThat(world.count("outcome", uid)).isEqualTo(2);
    assertThat(world.count("under_way", uid)).isEqualTo(1);
  }

  private static void expire(UUID uid) {
    world.change(uid, "expires_at = now() - interval '1 second'");
  }

  private static boolean release(String tenant, UUID uid) {
    return await(new Availability(world.pool()).end(tenant, uid)).isPresent();
  }

  @Nested
  class ABlockedHost {

    @Test
    void isForgottenOnceNothingIsHeldAgainstIt() {
      String block =
          """
          INSERT INTO host_block (host, until, level, forgiven_at)
          VALUES ('%s:80', now() - interval '1 minute', 2, now() + interval '%s seconds')
          """;
      world.sql(block.formatted("forgiven.example", -1));
      world.sql(block.formatted("remembered.example", 60));

      world.sweep();

      String known = "SELECT count(*) FROM host_block WHERE host = '%s:80'";
      assertThat(world.number(known.formatted("forgiven.example"))).isZero();
      assertThat(world.number(known.formatted("remembered.example"))).isOne();
    }
  }

  @Nested
  class Statistics {

    @Test
    void areDeletedOnceTheyAreShownNoMore() {
      world.sql(
          """
          INSERT INTO worker (id, started_at, last_report_at, running, bytes_per_second)
          SELECT 'w' || s, now(), now() - make_interval(secs => s), 0, 0
            FROM unnest(ARRAY[30, 70]) AS s
          """);
      world.sql(
          """
          INSERT INTO shard_load (tenant, shard, running, at)
          SELECT 'stats', s, 1, now() - make_interval(secs => s) FROM unnest(ARRAY[30, 70]) AS s
          """);
      world.sql(
          """
          INSERT INTO traffic (tenant, at, fetches, bytes)
          SELECT 'stats', now() - make_interval(secs => s), 1, 1
            FROM unnest(ARRAY[602, 670, 100000]) AS s
          """);

      world.sweep();

      assertThat(world.number("SELECT count(*) FROM worker WHERE id = 'w30'")).isOne();
      assertThat(world.number("SELECT count(*) FROM worker WHERE id = 'w70'")).isZero();
      assertThat(world.number("SELECT sum(shard) FROM shard_load WHERE tenant = 'stats'"))
          .isEqualTo(30);
      assertThat(world.number("SELECT count(*) FROM traffic WHERE tenant = 'stats'")).isOne();
    }
  }

  @Nested
  class ADeliveryToAWebhook {

    private final UUID webhook = UUID.randomUUID();

    private void webhook(String place, String disabledDaysAgo) {
      world.sql(
          """
          INSERT INTO webhook (id, tenant, place, url, events, secret, previous_secrets,
                               previous_until, disabled, disabled_at)
          SELECT '%1$s', '%1$s', %2$s, 'http://a.example/', '{backgroundfetchfail}', 'new',
                 '{recent, old}', ARRAY[now() + interval '1 hour', now() - interval '1 second'], CASE WHEN days IS NOT NULL THEN 'requested' END,
                 now() - make_interval(days => days)
            FROM (SELECT %3$s::int AS days) AS disabled
          """
              .formatted(webhook, place, disabledDaysAgo));
    }

    private void deliveries(String state, int count, String daysAgo) {
      world.sql(
          """
          INSERT INTO webhook_delivery (id, webhook, tenant, event_id, type, occurred_at, data, state,
                                        due_at, over_at)
          SELECT gen_random_uuid(), '%1$s', '%1$s', '%2$s %3$s ' || n, 'backgroundfetchfail', now(),
                 '{}', '%2$s', CASE WHEN '%2$s' = 'waiting' THEN now() END,
                 CASE WHEN '%2$s' <> 'waiting' THEN now() - interval '%3$s days' END
            FROM generate_series(1, %4$d) AS n
          """
              .formatted(webhook, state, daysAgo, count));
    }

    private long count(String table, String condition) {
      return world.number(
          "SELECT count(*) FROM %s WHERE tenant = '%s' AND %s"
              .formatted(table, webhook, condition));
    }

    @Test
    void goesAWeekAfterItWasOver() {
      webhook("1", "NULL");
      deliveries("delivered", 1_500, "7.1");
      deliveries("failed", 1, "7.1");
      deliveries("delivered", 2, "6.9");
      deliveries("failed", 3, "6.9");
      deliveries("waiting", 4, "0");

      world.sweep();

      assertThat(count("webhook_delivery", "state = 'delivered'")).isEqualTo(2);
      assertThat(count("webhook_delivery", "state = 'failed'")).isEqualTo(3);
      assertThat(count("webhook_delivery", "state = 'waiting'")).isEqualTo(4);
      assertThat(count("webhook", "previous_secrets = '{recent}'")).isOne();
    }

    @Test
    void isGivenUpWhenItsWebhookWasDisabledForAWeek() {
      webhook("1", "8");
      deliveries("waiting", 1_500, "0");

      world.sweep();

      assertThat(count("webhook_delivery", "state = 'failed'")).isEqualTo(1_500);
    }

    @Test
    void isGivenUpWhenItCouldHaveBeenSentForTwoDays() {
      webhook("1", "NULL");
      deliveries("waiting", 1_500, "0");
      world.sql(
          "UPDATE webhook_delivery SET since = now() - interval '49 hours', error = 'late'"
              + " WHERE webhook = '%s'".formatted(webhook));
      deliveries("waiting", 2, "1"); // not so old

      world.sweep();
      assertThat(count("webhook_delivery", "state = 'waiting'")).isEqualTo(1_502);

      world.sql(
          "UPDATE webhook SET enabled_at = now() - interval '49 hours' WHERE id = '%s'"
              .formatted(webhook));
      world.sweep();

      assertThat(count("webhook_delivery", "state = 'waiting'")).isEqualTo(2);
      assertThat(count("webhook_delivery", "error LIKE '%2 days: late'")).isEqualTo(1_500);
    }

    @Test
    void waitsWhileItsWebhookWasDisabledForLess() {
      webhook("1", "6");
      deliveries("waiting", 2, "0");

      world.sweep();

      assertThat(count("webhook_delivery", "state = 'waiting'")).isEqualTo(2);
    }

    @Test
    void goesWithItsWebhook() {
      webhook("NULL", "NULL");
      deliveries("waiting", 1_500, "0");
      deliveries("delivered", 2, "1");

      world.sweepTwice();

      assertThat(count("webhook_delivery", "true")).isZero();
      assertThat(count("webhook", "true")).isZero();
    }
  }

  @Nested
  class ARegistrationThatExpired {

    @Test
    void hasNoRecordsAnyMoreAndFreesWhatItHeldOnce() {
      String tenant = tenant();
      world.storage(tenant, 300);
      UUID expired = world.ended(tenant);
      UUID other = world.ended(tenant);
      expire(expired);

      world.sweep();
      world.sweep();

      assertThat(world.is(expired, "NOT records_available AND version > 1000")).isTrue();
      assertThat(world.storage(tenant)).isEqualTo(200);
      assertUntouched(other);
    }

    @Test
    void losesItsBodiesAtOnceAndItsRowsADayLater() {
      UUID expired = world.ended(tenant());
      expire(expired);

      world.sweep();
      assertThat(world.hasBlob(expired.toString())).isFalse();
      assertThat(world.count("outcome", expired)).isEqualTo(2);
      assertThat(world.is(expired, "rows_due_at > now() + interval '23 hours'")).isTrue();

      world.change(expired, "rows_due_at = now()");
      world.sweep();
      assertThat(world.count("request", expired)).isZero();
      assertThat(world.count("outcome", expired)).isZero();
      assertThat(world.count("under_way", expired)).isZero();
      assertThat(world.is(expired, "rows_due_at IS NULL")).isTrue();
    }

    @Test
    void isForgottenAWeekLater() {
      UUID expired = world.ended(tenant());
      world.change(expired, "expires_at = now() - interval '6 days 23 hours'");
      world.sweep();
      world.change(expired, "rows_due_at = now()");
      world.sweep();
      assertThat(world.count("registration", expired)).isEqualTo(1);

      world.change(expired, "expires_at = now() - interval '7 days 1 second'");
      world.sweep();

      assertThat(world.count("registration", expired)).isZero();
    }

    @Test
    void isNotForgottenWhileItsRowsAreThere() {
      UUID expired = world.ended(tenant());
      world.change(expired, "expires_at = now() - interval '8 days'");

      world.sweep();

      assertThat(world.count("outcome", expired)).isEqualTo(2);
      assertThat(world.count("registration", expired)).isEqualTo(1);
    }

    @Test
    void countsItsTimeFromTheEndOnly() {
      UUID active = world.ended(tenant());
      world.change(
          active,
          "result = '', end_version = NULL, ended_at = NULL, expires_at = NULL,"
              + " created_at = now() - interval '1 year'");

      world.sweep();

      assertUntouched(active);
    }
  }

  @Nested
  class ARegistrationThatWasReleased {

    @Test
    void losesItsBodiesAndRowsAtOnceAndStays() {
      String tenant = tenant();
      world.storage(tenant, 150);
      UUID released = world.ended(tenant);
      UUID other = world.ended(tenant);
      assertThat(release(tenant, released)).isTrue();

      world.sweep();

      assertThat(world.hasBlob(released.toString())).isFalse();
      assertThat(world.count("request", released)).isZero();
      assertThat(world.count("outcome", released)).isZero();
      assertThat(world.count("under_way", released)).isZero();
      assertThat(world.is(released, "NOT records_available AND result = 'success'")).isTrue();
      assertThat(world.storage(tenant)).isEqualTo(50);
      assertUntouched(other);
    }

    @Test
    void losesRecordsWithoutNumber() {
      UUID released = world.ended("many");
      world.sql(
          """
          INSERT INTO request (uid, index, url, url_key, method)
          SELECT '%s', i, 'http://a.example/', 0, 'GET' FROM generate_series(2, 12000) AS i
          """
              .formatted(released));
      assertThat(release("many", released)).isTrue();

      world.sweep();

      assertThat(world.count("request", released)).isZero();
    }

    @Test
    void isAnothersOnlyWhereTheTenantIsTheSame() {
      UUID other = world.ended("its owner");

      assertThat(release("somebody else", other)).isFalse();

      assertUntouched(other);
    }

    @Test
    void freesItsStorageOnceWhoeverEndsIt() {
      String tenant = tenant();
      world.storage(tenant, 1_000);
      UUID uid = world.ended(tenant);
      expire(uid);

      List<Future<Boolean>> ends =
          IntStream.range(0, 8)
              .mapToObj(
                  i -> new Availability(world.pool()).end(tenant, uid).map(one -> one.isPresent()))
              .toList();
      world.sweepTwice();

      assertThat(ends.stream().filter(RetentionWorld::await).count()).isLessThanOrEqualTo(1);
      assertThat(world.storage(tenant)).isEqualTo(900);
    }

    @Test
    void freesNoMoreThanThereIs() {
      String tenant = tenant();
      world.storage(tenant, 95);
      UUID uid = world.ended(tenant);

      assertThat(release(tenant, uid)).isTrue();

      assertThat(world.storage(tenant)).isZero();
    }
  }

  @Nested
  class AReader {

    private void reads(UUID uid, String until) {
      world.sql(
          "INSERT INTO reader (uid, reader, until) VALUES ('%s', '%s', %s)"
              .formatted(uid, UUID.randomUUID(), until));
    }

    @Test
    void mayFinishTheBodyOfWhatIsReleased() {
      String tenant = tenant();
      UUID uid = world.ended(tenant);
      reads(uid, "now() + interval '1 minute'");
      assertThat(release(tenant, uid)).isTrue();

      world.sweep();
      assertThat(world.hasBlob(responseKey(uid))).isTrue();
      assertThat(world.count("outcome", uid)).isEqualTo(2);

      world.sql("UPDATE reader SET until = now() WHERE uid = '%s'".formatted(uid));
      world.sweep();
      assertThat(world.hasBlob(uid.toString())).isFalse();
      assertThat(world.count("outcome", uid)).isZero();
    }

    @Test
    void mayFinishTheBodyOfWhatIsDeleted() {
      UUID uid = world.ended(tenant());
      reads(uid, "now() + interval '1 minute'");
      world.change(uid, "deleted = true");

      world.sweep();
      assertThat(world.hasBlob(responseKey(uid))).isTrue();

      world.sql("UPDATE reader SET until = now() WHERE uid = '%s'".formatted(uid));
      world.sweep();
      assertThat(world.hasBlob(uid.toString())).isFalse();
      assertThat(world.count("registration", uid)).isZero();
      assertThat(world.count("reader", uid)).isZero();
    }
  }

  @Nested
  class ARegistrationThatWasDeleted {

    @Test
    void isForgottenWithAllThatBelongsToIt() {
      String tenant = tenant();
      world.storage(tenant, 120);
      UUID deleted = world.ended(tenant);
      UUID other = world.ended(tenant);
      world.change(deleted, "deleted = true");
      world.remember(tenant, deleted);
      world.remember(tenant, other);

      world.sweep();

      for (String table :
          List.of("registration", "request", "outcome", "under_way", "idempotency_key")) {
        assertThat(world.count(table, deleted)).as(table).isZero();
      }
      assertThat(world.hasBlob(deleted.toString())).isFalse();
      assertThat(world.storage(tenant)).isEqualTo(20);
      assertUntouched(other);
      assertThat(world.count("idempotency_key", other)).isEqualTo(1);
    }

    @Test
    void isFollowedByTheNextAtOnceHoweverManyThereAre() {
      UUID deleted = world.ended(tenant());
      world.change(deleted, "deleted = true");
      Forgetting forgetting = new Forgetting(world.pool());

      assertThat(await(forgetting.run())).isTrue();
      assertThat(world.is(deleted, "records_available")).isFalse();
      assertThat(await(forgetting.run())).isFalse();
      world.sweep();
    }

    @Test
    void staysUntilItsEndIsPublished() {
      UUID deleted = world.ended(tenant());
      world.change(deleted, "deleted = true, published_version = 999");

      world.sweep();
      assertUntouched(deleted);

      world.change(deleted, "published_version = 1000");
      world.sweep();
      assertThat(world.count("registration", deleted)).isZero();
    }

    @Test
    void staysUntilItsClicksArePublished() {
      UUID deleted = world.ended(tenant());
      world.change(deleted, "deleted = true");
      world.sql("INSERT INTO click VALUES (3, '%s', 1001)".formatted(deleted));

      world.sweep();
      assertThat(world.count("registration", deleted)).isEqualTo(1);

      world.sql("DELETE FROM click WHERE uid = '%s'".formatted(deleted));
      world.sweep();
      assertThat(world.count("registration", deleted)).isZero();
    }

    @Test
    void freesItsStorageOnceWhenItHadExpiredBefore() {
      String tenant = tenant();
      world.storage(tenant, 100);
      UUID uid = world.ended(tenant);
      expire(uid);
      world.sweep();
      world.change(uid, "deleted = true");

      world.sweep();

      assertThat(world.count("registration", uid)).isZero();
      assertThat(world.storage(tenant)).isZero();
    }
  }

  @Nested
  class ABlobThatNobodyNames {

    @Test
    void goesSomeTimeAfterTheEndAndWhatIsNamedStays() {
      UUID uid = world.ended(tenant());
      String lost = uid + "/0/2-other/0";
      String aborted = uid + "/1/1-token/7";
      String foreign = uid + "/notes";
      List.of(lost, aborted, foreign).forEach(world::store);
      Path draft = world.draft(uid + "/1/3-dead/0");
      world.change(uid, "ended_at = now() - interval '16 minutes'");

      world.sweep();

      assertThat(List.of(lost, aborted, foreign)).noneMatch(world::hasBlob);
      assertThat(draft.getParent()).doesNotExist();
      assertThat(world.is(uid, "swept")).isTrue();
      assertUntouched(uid);
    }

    @Test
    void staysWhileItsWriterMayBeAtIt() {
      UUID uid = world.ended(tenant());
      String late = uid + "/0/2-other/0";
      world.store(late);
      Path draft = world.draft(uid + "/1/3-busy/0");

      world.sweep();

      assertThat(world.hasBlob(late)).isTrue();
      assertThat(draft).exists();
      assertThat(world.is(uid, "NOT swept")).isTrue();
    }

    @Test
    void goesAlsoWhenItCameAfterTheBodiesWereDeleted() {
      String tenant = tenant();
      UUID uid = world.ended(tenant);
      assertThat(release(tenant, uid)).isTrue();
      world.sweep();
      world.store(uid + "/0/2-late/0");

      world.change(uid, "ended_at = now() - interval '16 minutes'");
      world.sweep();

      assertThat(world.hasBlob(uid.toString())).isFalse();
    }

    @Test
    void isFoundAmongThousands() {
      UUID uid = world.ended(tenant());
      Stream<String> orphans = IntStream.range(0, 1_100).mapToObj(i -> uid + "/1/9-lost/" + i);
      orphans.forEach(world::store);
      world.change(uid, "ended_at = now() - interval '16 minutes'");

      world.sweep();

      assertThat(world.hasBlob(uid + "/1")).isFalse();
      assertUntouched(uid);
    }
  }

  @Nested
  class BlobsOfNoRegistration {

    private UUID old() {
      return world.uid(Instant.now().minus(Duration.ofMinutes(61)));
    }

    @Test
    void go() {
      UUID stray = old();
      UUID kept = world.ended(tenant());
      world.store(stray + "/0/1-token/0");

      world.sweep();
      world.sweep();

      assertThat(world.hasBlob(stray.toString())).isFalse();
      assertUntouched(kept);
    }

    @Test
    void goAlsoAfterAListingThatFailed() {
      UUID stray = old();
      world.store(stray + "/0/1-token/0");
      AtomicInteger closed = new AtomicInteger();
      AtomicInteger begun = new AtomicInteger();
      BlobStore.Listing broken =
          new BlobStore.Listing() {
            @Override
            public List<String> next(int atMost) throws IOException {
              throw new IOException("no");
            }

            @Override
            public void close() {
              closed.incrementAndGet();
            }
          };
      BlobStore blobs =
          (BlobStore)
              Proxy.newProxyInstance(
                  BlobStore.class.getClassLoader(),
                  new Class<?>[] {BlobStore.class},
                  (proxy, method, arguments) ->
                      method.getName().equals("prefixes") && begun.getAndIncrement() == 0
                          ? broken
                          : method.invoke(world.blobs, arguments));
      StrayWalk walk =
          new StrayWalk(world.pool(), new BlobThreads(world.vertx, blobs), InstantSource.system());

      assertThatThrownBy(() -> await(walk.run())).hasRootCauseMessage("no");
      assertThat(closed).hasValue(1);
      await(walk.run());

      assertThat(world.hasBlob(stray.toString())).isFalse();
      await(walk.close());
    }

    @Test
    void stayWhileARegistrationIsLoading() {
      UUID loading = old();
      world.sql("INSERT INTO loading (uid) VALUES ('%s')".formatted(loading));
      world.store(requestKey(loading));

      world.sweep();
      world.sweep();

      assertThat(world.hasBlob(requestKey(loading))).isTrue();
      world.sql("DELETE FROM loading WHERE uid = '%s'".formatted(loading));
    }

    @Test
    void stayWhileTheyAreYoung() {
      UUID young = world.uid(Instant.now().minus(Duration.ofMinutes(50)));
      world.store(requestKey(young));

      world.sweep();
      world.sweep();

      assertThat(world.hasBlob(requestKey(young))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost+found", "00000000-0000-4000-8000-000000000000", "uploads"})
    void stayWhereTheirNameIsNotOurs(String prefix) {
      world.store(prefix + "/0/1-token/0");

      world.sweep();
      world.sweep();

      assertThat(world.hasBlob(prefix + "/0/1-token/0")).isTrue();
    }
  }

  @Nested
  class APartition {

    private static LocalDate next = LocalDate.of(2025, 1, 1);

    private final LocalDate day = next;

    APartition() {
      next = next.plusDays(1);
      world.sql("SELECT create_partitions('%s', 1)".formatted(day));
    }

    private UUID uidOfTheDay() {
      return world.uid(day.atTime(12, 0).toInstant(ZoneOffset.UTC));
    }

    private long partitions() {
      return world.number(
          "SELECT count(*) FROM pg_class WHERE relname IN ('request_%1$s', 'outcome_%1$s')"
              .formatted(day.toString().replace("-", "")));
    }

    @Test
    void isDroppedWithTheRowsOfAllThatExpired() {
      UUID expired = world.ended(tenant(), uidOfTheDay());
      expire(expired);

      world.sweep();

      assertThat(partitions()).isZero();
      assertThat(world.count("outcome", expired)).isZero();
      assertThat(world.is(expired, "NOT records_available")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "records_available = true",
          "result = '', end_version = NULL, ended_at = NULL, expires_at = NULL"
        })
    void staysWhileOneOfItsRegistrationsIsActiveOrAvailable(String state) {
      UUID expired = world.ended(tenant(), uidOfTheDay());
      UUID other = world.ended(tenant(), uidOfTheDay());
      expire(expired);
      world.change(other, state);

      world.sweep();
      assertThat(partitions()).isEqualTo(2);
      assertUntouched(other);

      world.change(
          other, "result = 'success', end_version = 1000, ended_at = now(), expires_at = now()");
      world.sweep();
      assertThat(partitions()).isZero();
    }

    @Test
    void staysWhileABodyOfItIsRead() {
      UUID expired = world.ended(tenant(), uidOfTheDay());
      world.sql(
          "INSERT INTO reader (uid, reader, until) VALUES ('%s', '%s', now() + interval '1 hour')"
              .formatted(expired, UUID.randomUUID()));
      expire(expired);

      world.sweep();
      assertThat(partitions()).isEqualTo(2);

      world.sql("DELETE FROM reader WHERE uid = '%s'".formatted(expired));
      world.sweep();
      assertThat(partitions()).isZero();
    }

    @Test
    void staysWhileARegistrationOfTheDayIsLoading() {
      UUID loading = uidOfTheDay();
      world.sql("INSERT INTO loading (uid) VALUES ('%s')".formatted(loading));

      world.sweep();
      assertThat(partitions()).isEqualTo(2);

      world.sql("DELETE FROM loading WHERE uid = '%s'".formatted(loading));
      world.sweep();
      assertThat(partitions()).isZero();
    }

    @Test
    void takesNothingMoreOnceItIsDropped() {
      world.sweep();

      String store = "INSERT INTO %s VALUES ('%s', 0, 'http://a.example/', 0, 'GET')";
      assertThatThrownBy(() -> world.sql(store.formatted("request", uidOfTheDay())))
          .hasStackTraceContaining("no partition of relation");
    }

    @Test
    void isLeftAloneWhileSomebodyUsesIt() {
      SqlConnection user = await(world.pool().getConnection());
      await(user.query("BEGIN").execute());
      await(user.query("SELECT count(*) FROM outcome").execute());

      world.sweep();
      assertThat(partitions()).isPositive();

      await(user.query("COMMIT").execute());
      await(user.close());
      world.sweep();
      assertThat(partitions()).isZero();
    }

    @Test
    void staysFromYesterdayOn() {
      world.sweep();

      assertThat(
              world.number(
                  "SELECT count(*) FROM pg_inherits WHERE inhparent = 'request'::regclass"))
          .isEqualTo(5);
    }
  }

  @Nested
  class TwoGatewaysAtOnce {

    @Test
    void doEverythingOnce() {
      String tenant = tenant();
      world.storage(tenant, 40 * 100 + 7);
      List<UUID> expired = Stream.generate(() -> world.ended(tenant)).limit(20).toList();
      List<UUID> deleted = Stream.generate(() -> world.ended(tenant)).limit(20).toList();
      expired.forEach(RetentionIT::expire);
      deleted.forEach(uid -> world.change(uid, "deleted = true"));

      world.sweepTwice();
      world.sweep();

      assertThat(world.storage(tenant)).isEqualTo(7);
      assertThat(expired).noneMatch(uid -> world.hasBlob(uid.toString()));
      assertThat(expired).allMatch(uid -> world.is(uid, "NOT records_available"));
      assertThat(deleted).allMatch(uid -> world.count("registration", uid) == 0);
    }

    @Test
    void leaveADutyToTheOneThatHasItsLease() {
      String duty = UUID.randomUUID().toString();
      DutyLease first = new DutyLease(world.pool(), duty, UUID.randomUUID());
      DutyLease second = new DutyLease(world.pool(), duty, UUID.randomUUID());

      assertThat(await(first.take())).isTrue();
      assertThat(await(second.take())).isFalse();
      assertThat(await(first.take())).isTrue();

      await(second.giveBack());
      assertThat(await(second.take())).isFalse();
      await(first.giveBack());
      assertThat(await(second.take())).isTrue();
    }

    @Test
    void takeADutyFromOneThatDied() {
      String duty = UUID.randomUUID().toString();
      assertThat(await(new DutyLease(world.pool(), duty, UUID.randomUUID()).take())).isTrue();
      world.sql("UPDATE duty_lease SET until = now() WHERE duty = '%s'".formatted(duty));

      assertThat(await(new DutyLease(world.pool(), duty, UUID.randomUUID()).take())).isTrue();
    }
  }

  @Nested
  class Rounds {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final AtomicInteger pieces = new AtomicInteger();
    private final String name = UUID.randomUUID().toString();

    private DutyRounds rounds(Supplier<Future<Boolean>> piece) {
      return rounds(piece, Duration.ofMinutes(1));
    }

    private DutyRounds rounds(Supplier<Future<Boolean>> piece, Duration pieceWithin) {
      Duty duty =
          new Duty() {
            @Override
            public String name() {
              return name;
            }

            @Override
            public Future<Boolean> run() {
              pieces.incrementAndGet();
              return piece.get();
            }
          };
      DutyLease lease = new DutyLease(world.pool(), name, UUID.randomUUID());
      return new DutyRounds(world.vertx, duty, lease, SHORT, pieceWithin);
    }

    private void during(DutyRounds rounds, Runnable what) {
      await(rounds.start());
      try {
        what.run();
      } finally {
        await(rounds.stop());
      }
    }

    private void assertGoesOn() {
      int done = pieces.get();
      Awaitility.await().until(() -> pieces.get() > done + 2);
    }

    @Test
    void goOnWithWhatIsThereAndBeginAgain() {
      during(rounds(() -> Future.succeededFuture(pieces.get() % 2 == 0)), this::assertGoesOn);
    }

    @Test
    void goOnAfterAFailureThatIsLoggedOnce() {
      Logger logger = (Logger) LoggerFactory.getLogger(DutyRounds.class);
      ListAppender<ILoggingEvent> log = new ListAppender<>();
      log.start();
      logger.addAppender(log);

      during(rounds(() -> Future.failedFuture(new IOException("no"))), this::assertGoesOn);

      logger.detachAppender(log);
      assertThat(failuresOf(log)).isEqualTo(1);
    }

    /** Its lease ends with its time: another gateway may go on. */
    @Test
    void waitForTheEndOfAPieceThatTookTooLong() {
      Promise<Boolean> piece = Promise.promise();
      DutyRounds rounds = rounds(piece::future, Duration.ofMillis(1));
      Logger logger = (Logger) LoggerFactory.getLogger(DutyRounds.class);
      ListAppender<ILoggingEvent> log = new ListAppender<>();
      log.start();
      logger.addAppender(log);

      during(
          rounds,
          () -> {
            Awaitility.await().until(() -> failuresOf(log) == 1);
            Awaitility.await().during(SHORT.multipliedBy(5)).until(() -> pieces.get() == 1);
            piece.complete(false);
            assertGoesOn();
          });
      logger.detachAppender(log);
    }

    /** Other tests' gateways log their duties too. */
    private long failuresOf(ListAppender<ILoggingEvent> log) {
      return List.copyOf(log.list).stream()
          .map(ILoggingEvent::getKeyValuePairs)
          .filter(pairs -> pairs != null && pairs.stream().anyMatch(one -> name.equals(one.value)))
          .count();
    }

    @Test
    void areOneGatewaysAtATime() {
      Promise<Boolean> piece = Promise.promise();
      DutyRounds other = rounds(piece::future);
      during(
          rounds(piece::future),
          () -> {
            Awaitility.await().until(() -> pieces.get() == 1);
            during(
                other,
                () ->
                    Awaitility.await()
                        .during(SHORT.multipliedBy(5))
                        .until(() -> pieces.get() == 1));
            piece.complete(false);
          });
    }

    @Test
    void endWithTheirGateway() {
      DutyRounds rounds = rounds(() -> Future.succeededFuture(true));
      during(rounds, this::assertGoesOn);

      int done = pieces.get();
      Awaitility.await().during(SHORT.multipliedBy(5)).until(() -> pieces.get() == done);
    }
  }

  @Nested
  class ASearch {

    /** Whatever the planner thinks of a small table: the index can serve the statement. */
    @ParameterizedTest
    @MethodSource("io.bgfetch.gateway.retention.RetentionIT#searches")
    void hasAnIndexOfJustItsWork(String statement, String index) {
      String plan =
          await(
              world
                  .pool()
                  .withConnection(
                      connection ->
                          connection
                              .query("SET enable_seqscan = off; SET enable_bitmapscan = off")
                              .execute()
                              .compose(set -> connection.query("EXPLAIN " + statement).execute())
                              .map(rows -> String.join("\n", lines(rows)))
                              .eventually(() -> connection.query("RESET ALL").execute())));

      assertThat(plan).contains(index);
    }
  }

  static List<Arguments> searches() {
    return List.of(
        Arguments.of(RetentionSql.FIND_EXPIRED, "registrations_that_expire"),
        Arguments.of(RetentionSql.FIND_BLOBS_TO_DELETE, "registrations_with_blobs_to_delete"),
        Arguments.of(RetentionSql.FIND_ROWS_TO_DELETE, "registrations_with_rows_to_delete"),
        Arguments.of(RetentionSql.FIND_UNSWEPT, "registrations_to_sweep"),
        Arguments.of(RetentionSql.FIND_DELETED, "deleted_registrations"),
        Arguments.of(RetentionSql.FORGET_DELETED, "deleted_registrations"),
        Arguments.of(RetentionSql.FORGET_EXPIRED, "registrations_to_forget"));
  }

  private static List<String> lines(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
  }

  /** Through the API, with the duties that it does by itself. */
  @Nested
  class AGateway {

    private static RunningGateway gateway;

    @BeforeAll
    static void start(TestBackends backends, @TempDir Path data) {
      gateway =
          RunningGateway.start(
              backends.freshDatabase(),
              backends.kafkaBootstrapServers(),
              data,
              Map.of("BGFETCH_RETENTION", "2h"));
    }

    @AfterAll
    static void stop() {
      gateway.close();
    }

    private String aborted(JsonObject options) {
      JsonObject registration =
          new JsonObject()
              .put("id", tenant())
              .put("requests", "http://a.example/")
              .put("options", options);
      String uid = RunningGateway.json(gateway.register(registration)).getString("uid");
      gateway.post("/v1/fetches/" + uid + "/abort", "application/json", "");
      return uid;
    }

    @Test
    void keepsRecordsAsLongAsItsSettingSaysOrTheirRegistration() {
      assertThat(kept(new JsonObject())).isEqualTo(Duration.ofHours(2));
      assertThat(kept(new JsonObject().put("retentionSeconds", 90)))
          .isEqualTo(Duration.ofSeconds(90));
    }

    private Duration kept(JsonObject options) {
      JsonObject ended = RunningGateway.json(gateway.get("/v1/fetches/" + aborted(options)));
      return Duration.between(ended.getInstant("endedAt"), ended.getInstant("expiresAt"));
    }

    @Test
    void deletesAndForgetsByItself() {
      String expired = aborted(new JsonObject().put("retentionSeconds", 0));
      String deleted = aborted(new JsonObject());
      gateway.sql("UPDATE registration SET deleted = true WHERE uid = '%s'".formatted(deleted));

      String gone =
          "SELECT count(*) FROM registration WHERE uid = '%s' AND blobs_deleted".formatted(expired);
      Awaitility.await().until(() -> gateway.number(gone) == 1);
      String left = "SELECT count(*) FROM registration WHERE uid = '%s'".formatted(deleted);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> gateway.number(left) == 0);
      assertThat(
              RunningGateway.json(gateway.get("/v1/fetches/" + expired))
                  .getBoolean("recordsAvailable"))
          .isFalse();
      assertThat(gateway.get("/v1/fetches/" + deleted).statusCode()).isEqualTo(404);
    }
  }
}
