package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.config.Settings;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.stats.Bookkeeping;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.IsolatedBackends;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shards over real Kafka and real Postgres, with a worker that answers without fetching. */
@WithBackends
class ShardsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String REGISTER =
      """
      WITH made AS (
        INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons, retry_limit,
            retry_statuses, retry_unsafe, connect_millis, first_byte_millis, idle_millis,
            total_millis, retention_seconds, upload_total, download_total, total, version)
        VALUES ($1, 'default', $1::text, sha256(convert_to($1::text, 'UTF8')), $2, '', '[]', 5,
            '{}', false, 10000, 60000, 60000, 3600000, 86400, 0, 0, $3, 1))
      INSERT INTO request (uid, index, url, url_key, method)
      SELECT $1, i, 'http://' || ($4::text[])[1 + i % cardinality($4)] || '/' || i, i, 'GET'
        FROM generate_series(0, $3 - 1) AS i
      """;

  private static final String ABORT =
      """
      UPDATE registration
         SET result = 'failure', failure_reason = 'aborted', failed = total - succeeded,
             settled = total, version = version + 1, end_version = version + 1,
             ended_at = now(), expires_at = now()
       WHERE uid = $1 AND result = ''
      """;

  /** Writes down who owns shards, and what is changed of registrations, in the order of doing. */
  private static final String WATCH =
      """
      CREATE TABLE seen (id bigserial, shard int, what text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO seen (shard, what) VALUES (NEW.shard, TG_ARGV[0]);
          RETURN NULL;
        END $$;
      CREATE TRIGGER see AFTER UPDATE ON shard_epoch FOR EACH ROW
        EXECUTE FUNCTION see('owner');
      CREATE TRIGGER see AFTER UPDATE ON registration FOR EACH ROW
        EXECUTE FUNCTION see('change');
      """;

  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Seen> news = new CopyOnWriteArrayList<>();
  private IsolatedBackends backends;
  private KafkaSettings kafka;
  private Database database;

  /** An event of the public topic. */
  private record Seen(String type, String uid, long version) {}

  @BeforeEach
  void startBackends(TestBackends tests) {
    backends = tests.isolated();
    kafka = KafkaSettings.ofServers(backends.kafkaBootstrapServers());
    database =
        new Database(
            vertx,
            PostgresSettings.from(
                Settings.of(
                    Map.of("BGFETCH_POSTGRES_URI", backends.postgresUri()), new Properties())));
    ended(database.start());
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    ended(database.stop());
    ended(vertx.close());
  }

  @Test
  void performsARegistrationAndPublishesItsOneEnd() {
    gateway();
    listen();
    worker();

    UUID uid = register(3_000);

    Registration end = awaitEnd(uid);
    assertThat(end.result()).isEqualTo(RegistrationResult.SUCCESS);
    assertThat(end.records().succeeded()).isEqualTo(3_000);
    assertThat(end.downloaded()).isEqualTo(30_000);
    await().atMost(PATIENCE).until(() -> ends(uid).size() == 1);
    assertThat(ends(uid).getFirst().type()).isEqualTo("io.bgfetch.registration.success");
    assertThat(ends(uid).getFirst().version()).isEqualTo(end.version());
    assertThat(of(uid)).extracting(Seen::version).isSorted();
    assertThat(of(uid).getLast()).isEqualTo(ends(uid).getFirst());
    assertThat(count("SELECT count(*) FROM outcome WHERE uid = $1", uid)).isEqualTo(3_000);
    assertThat(count("SELECT count(*) FROM under_way WHERE uid = $1", uid)).isZero();
  }

  @Test
  void goesOnInAnotherGatewayWithExactCounters() {
    Shards first = gateway();
    gateway();
    worker();
    List<UUID> uids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      uids.add(register(500));
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                count("SELECT sum(settled) FROM registration WHERE uid <> $1", new UUID(0, 0))
                    > 1_000);

    ended(first.stop());

    for (UUID uid : uids) {
      Registration end = awaitEnd(uid);
      assertThat(end.result()).isEqualTo(RegistrationResult.SUCCESS);
      assertThat(end.records().succeeded()).isEqualTo(500);
      assertThat(end.downloaded()).isEqualTo(5_000);
    }
  }

  /** For Postgres, an owner that slept through losing its shard looks like this. */
  @Test
  void writesNothingMoreOnceAnotherHasTakenTheShardOver() {
    gateway();
    worker();
    awaitEnd(register(100));
    ended(database.pool().query(WATCH).execute());

    ended(database.pool().query("UPDATE shard_epoch SET epoch = 'another'").execute());
    UUID uid = register(200);
    awaitEnd(uid);

    List<String> seen = seenOfShardOf(uid);
    assertThat(seen).contains("change");
    assertThat(seen.subList(0, 2))
        .as("another takes it over, and it takes it over anew before it writes")
        .containsExactly("owner", "owner");
  }

  private List<String> seenOfShardOf(UUID uid) {
    String sql = "SELECT what FROM seen WHERE shard = $1 ORDER BY id";
    List<String> seen = new ArrayList<>();
    ended(database.pool().preparedQuery(sql).execute(Tuple.of(shardOf(uid))))
        .forEach(row -> seen.add(row.getString(0)));
    return seen;
  }

  @Test
  void publishesAnAbortThatAGatewayDecided() {
    gateway();
    listen();
    UUID uid = register(10);
    await().atMost(PATIENCE).until(() -> !of(uid).isEmpty());

    ended(database.pool().preparedQuery(ABORT).execute(Tuple.of(uid)));

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(ends(uid)).hasSize(1));
    assertThat(ends(uid).getFirst().type()).isEqualTo("io.bgfetch.registration.abort");
    assertThat(of(uid).getLast()).isEqualTo(ends(uid).getFirst());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                count(
                        "SELECT count(*) FROM registration WHERE uid = $1"
                            + " AND published_version = end_version",
                        uid)
                    == 1);
  }

  @Test
  void goesOnAfterAnOutageOfPostgresAndOneOfKafka() {
    gateway();
    ScriptedWorker worker = worker();
    UUID uid = register(5_000);
    await().atMost(PATIENCE).until(() -> worker.taken() > 200);

    backends.stopPostgres();
    backends.startPostgres();
    await().atMost(PATIENCE).until(() -> answers(uid));
    backends.stopKafka();
    backends.startKafka();

    Registration end = awaitEnd(uid);
    assertThat(end.result()).isEqualTo(RegistrationResult.SUCCESS);
    assertThat(end.records().succeeded()).isEqualTo(5_000);
    assertThat(end.downloaded()).isEqualTo(50_000);
  }

  @Test
  void endsARegistrationThatPassesTheQuotaAndCountsItsStorage() {
    gateway(Map.of("BGFETCH_QUOTA_BYTES", "1MiB"));
    ScriptedWorker worker = new ScriptedWorker(vertx, kafka, ShardsIT::receiveTooMuch);
    open.add(worker);

    UUID uid = register(3);

    Registration end = awaitEnd(uid);
    assertThat(end.failureReason()).isEqualTo(FetchResult.QUOTA_EXCEEDED);
    assertThat(end.records().settled()).isEqualTo(3);
    assertThat(end.downloaded()).isGreaterThan(1 << 20);
    assertThat(count("SELECT count(*) FROM outcome WHERE uid = $1", uid)).isOne();
    assertThat(
            count(
                "SELECT bytes FROM storage s JOIN registration r USING (tenant, shard)"
                    + " WHERE r.uid = $1",
                uid))
        .isEqualTo(end.downloaded());
  }

  /** Two thirds of what is left of the quota: two records are too many. */
  private static List<FetchEvent> receiveTooMuch(FetchJob job) {
    long allowed = job.overrun() == FetchResult.QUOTA_EXCEEDED ? job.bytesAllowed() : 0;
    return List.of(
        new Report(
            "scripted",
            0,
            0,
            List.of(new Progress(job.task("token"), true, allowed * 2 / 3, 0, 10))));
  }

  @Test
  void passesOverRecordsWhoseHostDoesNotAnswerAndReleasesThemOnceItDoes() {
    Shards first = gateway();
    Set<FetchJob> unanswered = ConcurrentHashMap.newKeySet();
    AtomicBoolean answers = new AtomicBoolean();
    ScriptedWorker worker =
        new ScriptedWorker(
            vertx,
            kafka,
            job -> {
              if (answers.get() || job.lane().startsWith("live.example")) {
                return succeed(job);
              }
              unanswered.add(job);
              return List.of();
            });
    open.add(worker);

    UUID uid = register(600, "silent.example", "live.example");
    await().atMost(PATIENCE).until(() -> read(uid).records().settled() == 300);
    assertThat(
            count(
                "SELECT count(*) FROM under_way WHERE uid = $1 AND attempt = 0"
                    + " AND next_try IS NOT NULL AND host = 'silent.example:80'",
                uid))
        .isGreaterThan(150);
    gateway();
    ended(first.stop());
    answers.set(true);
    unanswered.forEach(job -> worker.tell(job, succeed(job)));

    Registration end = awaitEnd(uid);
    assertThat(end.result()).isEqualTo(RegistrationResult.SUCCESS);
    assertThat(end.records().succeeded()).isEqualTo(600);
    assertThat(count("SELECT count(*) FROM outcome WHERE uid = $1", uid)).isEqualTo(600);
    assertThat(count("SELECT count(*) FROM under_way WHERE uid = $1", uid)).isZero();
  }

  private Shards gateway() {
    return gateway(Map.of());
  }

  private Shards gateway(Map<String, String> set) {
    ShardSettings settings = ShardSettings.from(Settings.of(set, new Properties()));
    Shards shards =
        new Shards(
            vertx, database.pool(), kafka, settings, new Bookkeeping(vertx, database.pool()));
    ended(shards.start());
    open.add(() -> ended(shards.stop()));
    return shards;
  }

  private ScriptedWorker worker() {
    ScriptedWorker worker = new ScriptedWorker(vertx, kafka, ShardsIT::succeed);
    open.add(worker);
    return worker;
  }

  private static List<FetchEvent> succeed(FetchJob job) {
    return List.of(
        new Settled(
            "scripted", job.task("token"), FetchResult.SUCCESS, null, null, null, null, 10, 0));
  }

  private void listen() {
    TailingInbox inbox =
        new TailingInbox(
            kafka,
            Topics.PROGRESS,
            Duration.ofMinutes(1),
            InstantSource.system(),
            batch -> batch.forEach(this::see));
    open.add(inbox);
    inbox.start();
  }

  private void see(ConsumerRecord<byte[], byte[]> record) {
    JsonObject json = new JsonObject(new String(record.value(), StandardCharsets.UTF_8));
    String type =
        new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
    news.add(new Seen(type, json.getString("uid"), json.getLong("version")));
  }

  private List<Seen> of(UUID uid) {
    return news.stream().filter(seen -> seen.uid().equals(uid.toString())).toList();
  }

  private List<Seen> ends(UUID uid) {
    return of(uid).stream().filter(seen -> !seen.type().endsWith(".progress")).distinct().toList();
  }

  private UUID register(int records) {
    return register(records, "origin.example");
  }

  /** A registration whose records name these hosts in turn. */
  private UUID register(int records, String... hosts) {
    UUID uid = com.fasterxml.uuid.Generators.timeBasedEpochGenerator().generate();
    ended(
        database
            .pool()
            .preparedQuery(REGISTER)
            .execute(Tuple.of(uid, shardOf(uid), records, hosts)));
    return uid;
  }

  private static int shardOf(UUID uid) {
    return Math.floorMod(uid.hashCode(), 16);
  }

  private Registration awaitEnd(UUID uid) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> read(uid), registration -> !registration.active());
  }

  private Registration read(UUID uid) {
    return ended(
        database
            .pool()
            .preparedQuery("SELECT * FROM registration WHERE uid = $1")
            .execute(Tuple.of(uid))
            .map(rows -> RegistrationRows.registration(rows.iterator().next())));
  }

  private boolean answers(UUID uid) {
    try {
      return read(uid) != null;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private long count(String sql, UUID uid) {
    Pool pool = database.pool();
    return ended(
        pool.preparedQuery(sql)
            .execute(Tuple.of(uid))
            .map(rows -> rows.iterator().next().getLong(0)));
  }

  private static <T> T ended(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
