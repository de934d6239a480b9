package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * Deletes the records of registrations one by one: at once where a client has given them up, for
 * their inline bodies; where they expired, a day later, because by then they have mostly gone with
 * their partition.
 */
final class RowDeletion implements Duty {

  private final Pool pool;

  RowDeletion(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "rows";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.FIND_ROWS_TO_DELETE)
        .execute()
        .map(Rows::uids)
        .compose(this::deleteAll);
  }

  private Future<Boolean> deleteAll(List<UUID> uids) {
    return InTurn.each(uids, this::delete).map(!uids.isEmpty());
  }

  private Future<Void> delete(UUID uid) {
    return pool.preparedQuery(RetentionSql.DELETE_SOME_ROWS)
        .execute(Tuple.of(uid))
        .map(rows -> rows.iterator().next().getLong("deleted"))
        .compose(deleted -> deleted > 0 ? delete(uid) : done(uid));
  }

  private Future<Void> done(UUID uid) {
    return pool.preparedQuery(RetentionSql.ROWS_ARE_DELETED).execute(Tuple.of(uid)).mapEmpty();
  }
}
