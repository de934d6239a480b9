package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/** Deletes the blocks of hosts against which nothing is held any more. */
final class Forgiveness implements Duty {

  private final Pool pool;

  Forgiveness(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "forgiveness";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.FORGIVE_HOSTS).execute().map(rows -> rows.rowCount() > 0);
  }
}
