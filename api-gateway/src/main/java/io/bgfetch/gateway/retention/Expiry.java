package io.bgfetch.gateway.retention;

import io.bgfetch.gateway.database.Availability;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/**
 * Ends the availability of records whose time is over. Who reads them looks at {@code expires_at}
 * itself, so nothing but what follows from the end waits for this.
 */
final class Expiry implements Duty {

  private final Pool pool;
  private final Availability availability;

  Expiry(Pool pool) {
    this.pool = pool;
    this.availability = new Availability(pool);
  }

  @Override
  public String name() {
    return "expiry";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.FIND_EXPIRED)
        .execute()
        .map(Rows::ofTenants)
        .compose(
            expired ->
                InTurn.each(expired, one -> availability.end(one.tenant(), one.uid()).mapEmpty())
                    .map(!expired.isEmpty()));
  }
}
