package io.bgfetch.gateway.retention;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A database and a blob store in which registrations have ended, as gateways and workers would have
 * left them, and the duties of two gateways.
 */
final class RetentionWorld implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Vertx vertx = Vertx.vertx();
  private final Random random = new Random();
  private final Database database;
  private final Path root;
  final BlobStore blobs;
  final List<Duty> duties;
  final List<Duty> duties2;

  RetentionWorld(String postgresUri, Path root) throws IOException {
    this.root = root;
    this.blobs = new FileBlobStore(root);
    Map<String, String> settings = Map.of("BGFETCH_POSTGRES_URI", postgresUri);
    this.database =
        new Database(vertx, PostgresSettings.from(Settings.of(settings, new Properties())));
    await(database.start());
    this.duties = duties();
    this.duties2 = duties();
  }

  private List<Duty> duties() {
    BlobThreads threads = new BlobThreads(vertx, blobs);
    return List.of(
        new Expiry(pool()),
        new Forgetting(pool()),
        new BlobDeletion(pool(), threads),
        new RowDeletion(pool()),
        new Forgetting(pool()),
        new PartitionDrop(pool()),
        new Forgiveness(pool()),
        new StatisticsDeletion(pool()),
        new WebhookCleaning(pool()),
        new OrphanSweep(pool(), threads),
        new StrayWalk(pool(), threads, InstantSource.system()));
  }

  Pool pool() {
    return database.pool();
  }

  /** Does every duty until it has no more to do. */
  void sweep() {
    await(all(duties));
  }

  /** Two gateways do every duty, at once. */
  void sweepTwice() {
    await(Future.join(all(duties), all(duties2)));
  }

  private Future<Void> all(List<Duty> duties) {
    Future<Void> chain = Future.succeededFuture();
    for (Duty duty : duties) {
      chain = chain.compose(before -> exhaust(duty));
    }
    return chain;
  }

  private Future<Void> exhaust(Duty duty) {
    return duty.run().compose(more -> more ? exhaust(duty) : Future.succeededFuture());
  }

  /** A uid of that moment. */
  UUID uid(Instant made) {
    return new UUID(
        made.toEpochMilli() << 16 | 0x7000L | random.nextInt(0x1000),
        0x8000000000000000L | random.nextLong() >>> 2);
  }

  /** A registration that began an hour ago and ended a minute ago, and stays for a day. */
  UUID ended(String tenant) {
    return ended(tenant, uid(Instant.now().minus(Duration.ofHours(1))));
  }

  /**
   * The same with this uid. It uploaded 10 bytes and downloaded 90; record 0 has a request body and
   * a response body in the blob store, record 1 a response body in its row.
   */
  UUID ended(String tenant, UUID uid) {
    sql(
        """
        INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons, retry_limit,
          retry_statuses, retry_unsafe, connect_millis, first_byte_millis, idle_millis, total_millis,
          retention_seconds, upload_total, uploaded, download_total, downloaded, total, dispatched,
          settled, succeeded, result, version, published_version, end_version, created_at, ended_at,
          expires_at)
        VALUES ('%1$s', '%2$s', '%1$s', sha256('%1$s'), 3, '', '[]', 5, '{}', false, 1, 1, 1, 1,
          86400, 10, 10, 0, 90, 2, 2, 2, 2, 'success', 1000, 1000, 1000, now() - interval '1 hour',
          now() - interval '1 minute', now() + interval '1 day')
        """
            .formatted(uid, tenant));
    sql(
        """
        INSERT INTO request (uid, index, url, url_key, method, body_size, body_segments)
        VALUES ('%1$s', 0, 'http://a.example/', 0, 'PUT', 10, '[{"key": "%2$s", "size": 10}]'),
               ('%1$s', 1, 'http://a.example/', 0, 'GET', 0, NULL)
        """
            .formatted(uid, requestKey(uid)));
    sql(
        """
        INSERT INTO outcome (uid, index, result, attempts, body_size, body_inline, body_segments,
                             downloaded, uploaded)
        VALUES ('%1$s', 0, 'success', 1, 85, NULL, '[{"key": "%2$s", "size": 85}]', 85, 10),
               ('%1$s', 1, 'success', 1, 5, 'inline', NULL, 5, 0)
        """
            .formatted(uid, responseKey(uid)));
    sql(
        """
        INSERT INTO under_way (shard, uid, index, attempt, tries, lost, downloaded, uploaded,
                               uploaded_before)
        VALUES (3, '%s', 1, 2, 1, 0, 0, 0, 0)
        """
            .formatted(uid));
    store(requestKey(uid));
    store(responseKey(uid));
    return uid;
  }

  static String requestKey(UUID uid) {
    return uid + "/0/request/0";
  }

  static String responseKey(UUID uid) {
    return uid + "/0/1-token/0";
  }

  void store(String key) {
    try (BlobStore.Draft draft = blobs.begin(key)) {
      draft.write(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
      draft.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves a file as a process does that dies while it writes. */
  Path draft(String key) {
    try {
      Path file = root.resolve(key + ".draft");
      Files.createDirectories(file.getParent());
      return Files.write(file, new byte[3]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasBlob(String key) {
    return Files.exists(root.resolve(key));
  }

  void storage(String tenant, long bytes) {
    sql("INSERT INTO storage VALUES ('%s', 3, %d)".formatted(tenant, bytes));
  }

  long storage(String tenant) {
    return number("SELECT sum(bytes) FROM storage WHERE tenant = '%s'".formatted(tenant));
  }

  /** An idempotency key that made the registration and is remembered for long. */
  void remember(String tenant, UUID uid) {
    sql(
        """
        INSERT INTO idempotency_key (tenant, key, holder, valid_until, uid, body_hash)
        VALUES ('%1$s', '%2$s', '%2$s', now() + interval '30 days', '%2$s', '')
        """
            .formatted(tenant, uid));
  }

  /** Sets columns of a registration. */
  void change(UUID uid, String columns) {
    sql("UPDATE registration SET %s WHERE uid = '%s'".formatted(columns, uid));
  }

  /** How many rows a table has of a registration. */
  long count(String table, UUID uid) {
    return number("SELECT count(*) FROM %s WHERE uid = '%s'".formatted(table, uid));
  }

  boolean is(UUID uid, String condition) {
    return number(
            "SELECT count(*) FROM registration WHERE uid = '%s' AND (%s)".formatted(uid, condition))
        == 1;
  }

  void sql(String sql) {
    await(pool().query(sql).execute());
  }

  long number(String sql) {
    Row row = await(pool().query(sql).execute()).iterator().next();
    Number number = (Number) row.getValue(0);
    return number == null ? 0 : number.longValue();
  }

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    await(database.stop());
    await(vertx.close());
  }
}
