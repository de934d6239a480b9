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
        .compose(some -> hastenDeleted().map(some))
        .compose(some -> forget(RetentionSql.FORGET_DELETED).map(more -> some || more))
        .compose(some -> forget(RetentionSql.FORGET_EXPIRED).map(more -> some || more));
  }

  private Future<Boolean> giveUpDeleted() {
    return pool.query(RetentionSql.FIND_DELETED)
        .execute()
        .map(Rows::ofTenants)
        .compose(deleted -> giveUp(deleted).map(!deleted.isEmpty()));
  }

  private Future<Void> giveUp(List<Rows.OfTenant> deleted) {
    return InTurn.each(deleted, one -> availability.end(one.tenant(), one.uid()).mapEmpty());
  }

  private Future<Void> hastenDeleted() {
    return pool.query(RetentionSql.HASTEN_DELETED).execute().mapEmpty();
  }

  private Future<Boolean> forget(String statement) {
    return pool.query(statement).execute().map(forgotten -> forgotten.size() > 0);
  }
}
