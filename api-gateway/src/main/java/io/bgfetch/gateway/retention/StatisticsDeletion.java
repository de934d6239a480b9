package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/** Deletes statistics that nobody is shown any more: of workers, of shards, and of minutes ago. */
final class StatisticsDeletion implements Duty {

  private final Pool pool;

  StatisticsDeletion(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "statistics";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.DELETE_STATISTICS).execute().map(rows -> false);
  }
}
