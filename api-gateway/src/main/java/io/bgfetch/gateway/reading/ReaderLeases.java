package io.bgfetch.gateway.reading;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the middle of a body at this gateway, as retention sees it: it deletes no blob of a
 * registration that has a lease. A lease lasts 30 s and is extended every 10 s while its reader
 * reads; that of a gateway that died runs out. Who takes one must look afterwards whether the
 * records are still available: then nothing was deleted before, and nothing will be. Used on the
 * gateway's context.
 */
public final class ReaderLeases implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(ReaderLeases.class);
  private static final Duration EXTEND_EVERY = Duration.ofSeconds(10);
  private static final long NOT_SET = -1;

  private final Vertx vertx;
  private final Pool pool;
  private final Duration extendEvery;
  private final Map<UUID, UUID> held = new LinkedHashMap<>();
  private long timer = NOT_SET;

  public ReaderLeases(Vertx vertx, Pool pool) {
    this(vertx, pool, EXTEND_EVERY);
  }

  ReaderLeases(Vertx vertx, Pool pool, Duration extendEvery) {
    this.vertx = vertx;
    this.pool = pool;
    this.extendEvery = extendEvery;
  }

  /** A lease that is held until it is dropped; once or more often. */
  interface Lease {

    /** Of those who read nothing that could be deleted. */
    Lease NONE = () -> {};

    void drop();
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    held.clear();
    return Future.succeededFuture();
  }

  /** A lease for a registration, once it is committed. */
  Future<Lease> take(UUID uid) {
    UUID reader = UUID.randomUUID();
    return hold(Map.of(reader, uid))
        .map(
            taken -> {
              held.put(reader, uid);
              arm();
              return () -> drop(reader);
            });
  }

  private void drop(UUID reader) {
    if (held.remove(reader) != null) {
      pool.preparedQuery(ReaderLeaseSql.DROP)
          .execute(Tuple.of(reader))
          .onFailure(cause -> log(cause, "a lease was not dropped and runs out by itself"));
    }
  }

  private void arm() {
    if (timer == NOT_SET) {
      timer = vertx.setTimer(extendEvery.toMillis(), fired -> extend());
    }
  }

  private void extend() {
    hold(held)
        .compose(extended -> pool.query(ReaderLeaseSql.FORGET).execute())
        .onFailure(cause -> log(cause, "leases of readers could not be extended"))
        .onComplete(
            done -> {
              timer = NOT_SET;
              if (!held.isEmpty()) {
                arm();
              }
            });
  }

  private Future<?> hold(Map<UUID, UUID> leases) {
    return pool.preparedQuery(ReaderLeaseSql.HOLD)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(leases.keySet().toArray(UUID[]::new))
                .addArrayOfUUID(leases.values().toArray(UUID[]::new)));
  }

  private static void log(Throwable cause, String what) {
    LOG.atInfo().addKeyValue("reason", cause.toString()).log(what);
  }
}
