package io.bgfetch.gateway.database;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Postgres with the schema of this version: migrated when the part has started. Connections are
 * made as they are needed, so a Postgres that was away is used again as soon as it is back.
 */
public final class Database implements Part {

  private static final Duration PING_WITHIN = Duration.ofSeconds(2);
  private static final Duration MIGRATE_WITHIN = Duration.ofMinutes(10);

  private final Vertx vertx;
  private final PostgresSettings settings;
  private final Pool pool;
  private final Partitions partitions;

  public Database(Vertx vertx, PostgresSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.pool =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(settings.connections())
                    .setMaxWaitQueueSize(settings.waiting())
                    .setConnectionTimeout(Math.toIntExact(settings.connectWithin().toMillis()))
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
            .with(
                new NetClientOptions()
                    .setConnectTimeout(Math.toIntExact(settings.connectWithin().toMillis())))
            .connectingTo(settings.connectOptions())
            .using(vertx)
            .build();
    this.partitions = new Partitions(vertx, pool);
  }

  /** The connections; usable from the start of this part to its stop. */
  public Pool pool() {
    return pool;
  }

  /** Succeeds when Postgres answers within two seconds. */
  public Future<Void> ping() {
    return pool.query("SELECT 1")
        .execute()
        .<Void>mapEmpty()
        .timeout(PING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public Future<Void> start() {
    return migrate().compose(done -> partitions.start()).recover(this::closeAfter);
  }

  @Override
  public Future<Void> stop() {
    return partitions.stop().compose(done -> pool.close());
  }

  private Future<Void> closeAfter(Throwable failure) {
    return stop().transform(closed -> Future.failedFuture(failure));
  }

  private Future<Void> migrate() {
    WorkerExecutor executor =
        vertx.createSharedWorkerExecutor(
            "bgfetch-migration", 1, MIGRATE_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
    return executor
        .<Void>executeBlocking(
            () -> {
              new Migration(settings).run();
              return null;
            })
        .eventually(executor::close);
  }
}
