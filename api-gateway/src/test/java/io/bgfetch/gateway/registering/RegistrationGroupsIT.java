package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import io.bgfetch.config.Settings;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.gateway.registering.RegistrationStore.Completion;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.bgfetch.url.WebUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@WithBackends
class RegistrationGroupsIT {

  private static final long QUOTA = 1_000_000;
  private static final int MOST_ACTIVE = 6;

  static Vertx vertx;
  static Database database;
  static RegistrationStore store;

  @BeforeAll
  static void start(TestBackends backends) {
    vertx = Vertx.vertx();
    Map<String, String> uri = Map.of("BGFETCH_POSTGRES_URI", backends.freshDatabase());
    database = new Database(vertx, PostgresSettings.from(Settings.of(uri, new Properties())));
    await(database.start());
    Map<String, String> limits =
        Map.of(
            "BGFETCH_QUOTA_BYTES", Long.toString(QUOTA),
            "BGFETCH_ACTIVE_REGISTRATIONS", Integer.toString(MOST_ACTIVE));
    store =
        new RegistrationStore(
            database.pool(), RegisteringLimits.from(Settings.of(limits, new Properties())));
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

  private static RegistrationHead head(String id, String title, long downloadTotal) {
    RetryPolicy retry = new RetryPolicy(3, Set.of(418, 500), false);
    return new RegistrationHead(
        id, null, title, List.of(), downloadTotal, retry, Timeouts.DEFAULT, 60);
  }

  /** Registers them at the same moment: the first alone, the others together. */
  private static List<Future<Registration>> atOnce(String tenant, List<RegistrationHead> heads) {
    Promise<List<Future<Registration>>> all = Promise.promise();
    vertx.runOnContext(
        now -> {
          List<Future<Registration>> each = new ArrayList<>();
          heads.forEach(head -> each.add(register(tenant, head)));
          Future.join(each).onComplete(done -> all.complete(each));
        });
    return await(all.future());
  }

  private static Future<Registration> register(String tenant, RegistrationHead head) {
    RequestBatch batch = new RequestBatch(0);
    for (String path : List.of("first", "second")) {
      WebUrl url = WebUrl.parse("http://origin.test/" + head.id() + "/" + path);
      batch.add(new CheckedRequest(FetchRequest.get(url.href()), url.urlKey(), null));
    }
    UUID uid = Generators.timeBasedEpochGenerator().generate();
    return store.register(
        new NewRegistration(uid, tenant, 1, head, null), new Completion(batch, false, 0, true));
  }

  private static List<RegistrationHead> heads(String... ids) {
    return List.of(ids).stream().map(id -> head(id, "", 0)).toList();
  }

  private static long number(String sql) {
    return await(database.pool().query(sql).execute()).iterator().next().getLong(0);
  }

  private static Problem problem(Future<?> failed) {
    assertThat(failed.cause()).isInstanceOf(ProblemException.class);
    return ((ProblemException) failed.cause()).problem();
  }

  @Test
  void shareATransactionAndAreWhatTheyWouldBeAlone() {
    List<Future<Registration>> made = atOnce("sharing", heads("a", "b", "c", "d", "e"));

    assertThat(made).extracting(one -> one.result().id()).containsExactly("a", "b", "c", "d", "e");
    assertThat(
            number("SELECT count(DISTINCT xmin::text) FROM registration WHERE tenant = 'sharing'"))
        .isEqualTo(2);
    assertThat(
            number(
                """
                SELECT count(DISTINCT (title, icons, base, retry_limit, retry_statuses, retry_unsafe,
                         connect_millis, first_byte_millis, idle_millis, total_millis,
                         retention_seconds, upload_total, download_total, total, all_get, shard))
                  FROM registration WHERE tenant = 'sharing'
                """))
        .as("what the one that went alone has, and the others")
        .isEqualTo(1);
    assertThat(
            number(
                """
                SELECT count(*) FROM registration r JOIN request q ON q.uid = r.uid
                 WHERE r.tenant = 'sharing' AND q.url = 'http://origin.test/' || r.id || '/'
                         || CASE q.index WHEN 0 THEN 'first' WHEN 1 THEN 'second' END
                """))
        .isEqualTo(10);
  }

  @Test
  void areToldTheirOwnConflicts() {
    atOnce("conflicts", heads("taken"));

    List<Future<Registration>> each =
        atOnce(
            "conflicts",
            List.of(
                head("first", "", 0),
                head("taken", "", 0),
                head("twice", "", 0),
                head("twice", "", 0),
                head("large", "", QUOTA + 1),
                head("last", "", 0)));

    assertThat(each.get(0).result().id()).isEqualTo("first");
    assertThat(problem(each.get(1)).status()).isEqualTo(409);
    assertThat(List.of(each.get(2).succeeded(), each.get(3).succeeded()))
        .containsExactlyInAnyOrder(true, false);
    assertThat(problem(each.get(2).failed() ? each.get(2) : each.get(3)).status()).isEqualTo(409);
    assertThat(problem(each.get(4)).title()).isEqualTo(Problem.quotaExceeded(QUOTA).title());
    assertThat(each.get(5).result().id()).isEqualTo("last");
  }

  @Test
  void areAsManyAsMayBeActive() {
    List<Future<Registration>> each =
        atOnce(
            "many",
            IntStream.range(0, MOST_ACTIVE + 3).mapToObj(n -> head("many" + n, "", 0)).toList());

    assertThat(each).filteredOn(Future::succeeded).hasSize(MOST_ACTIVE);
    assertThat(each)
        .filteredOn(Future::failed)
        .allSatisfy(
            refused ->
                assertThat(problem(refused).status())
                    .isEqualTo(Problem.tooManyActive(MOST_ACTIVE).status()));
    assertThat(number("SELECT count(*) FROM registration WHERE tenant = 'many'"))
        .isEqualTo(MOST_ACTIVE);
  }

  @Test
  void doNotFailForOneThatPostgresCannotStore() {
    List<Future<Registration>> each =
        atOnce(
            "refused",
            List.of(head("a", "", 0), head("b", "", 0), head("bad", "\0", 0), head("c", "", 0)));

    assertThat(each.get(2).cause()).isInstanceOf(PgException.class);
    assertThat(each).filteredOn(Future::succeeded).hasSize(3);
    assertThat(number("SELECT count(*) FROM registration WHERE tenant = 'refused'")).isEqualTo(3);
  }

  @Test
  void ofSeveralTenantsDoNotCountForEachOther() {
    List<Future<Registration>> mine = new ArrayList<>();
    List<Future<Registration>> others = new ArrayList<>();
    Promise<Void> all = Promise.promise();
    vertx.runOnContext(
        now -> {
          for (int n = 0; n < MOST_ACTIVE; n++) {
            mine.add(register("one", head("id" + n, "", 0)));
            others.add(register("another", head("id" + n, "", 0)));
          }
          List<Future<?>> both = new ArrayList<>(mine);
          both.addAll(others);
          Future.join(both).onComplete(done -> all.complete());
        });
    await(all.future());

    assertThat(mine).allMatch(Future::succeeded);
    assertThat(others).allMatch(Future::succeeded);
  }
}
