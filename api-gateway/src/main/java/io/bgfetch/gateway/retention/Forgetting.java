package io.bgfetch.gateway.retention;

import io.bgfetch.gateway.database.Availability;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;

/**
 * Lets registrations go: what a client deleted, once its end is known to everybody, and what
 * expired a week ago. First their records are given up; the other duties delete what those consist
 * of; then the registration itself goes.
 */
final class Forgetting implements Duty {

  private final Pool pool;
  private final Availability availability;

  Forgetting(Pool pool) {
    this.pool = pool;
    this.availability = new Availability(pool);
  }

  @Override
  public String name() {
    return "forgetting";
  }

  @Override
  public Future<Boolean> run() {
    return giveUpDeleted()
        .compose(given -> pool.query(RetentionSql.HASTEN_DELETED).execute())
        .compose(hastened -> forget(RetentionSql.FORGET_DELETED))
        .compose(some -> forget(RetentionSql.FORGET_EXPIRED).map(more -> some || more));
  }

  private Future<Void> giveUpDeleted() {
    return pool.query(RetentionSql.FIND_DELETED)
        .execute()
        .map(Rows::ofTenants)
        .compose(this::giveUp);
  }

  private Future<Void> giveUp(List<Rows.OfTenant> deleted) {
    return InTurn.each(deleted, one -> availability.end(one.tenant(), one.uid()).mapEmpty());
  }

  private Future<Boolean> forget(String statement) {
    return pool.query(statement).execute().map(forgotten -> forgotten.size() > 0);
  }
}
