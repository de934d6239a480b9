package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops the partitions of days of which no record is needed any more. */
final class PartitionDrop implements Duty {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionDrop.class);
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Pool pool;

  PartitionDrop(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "partitions";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.DROP_FREE_PARTITION)
        .execute()
        .map(rows -> logged(rows.iterator().next().getString("dropped")))
        .recover(PartitionDrop::laterWhereBusy);
  }

  private static Boolean logged(String dropped) {
    if (dropped != null) {
      LOG.atInfo().addKeyValue("partition", dropped).log("partition dropped");
    }
    return dropped != null;
  }

  /** The partition is in use: nobody shall wait for its end behind us. */
  private static Future<Boolean> laterWhereBusy(Throwable cause) {
    return cause instanceof PgException refused && LOCK_NOT_AVAILABLE.equals(refused.getSqlState())
        ? Future.succeededFuture(false)
        : Future.failedFuture(cause);
  }
}
