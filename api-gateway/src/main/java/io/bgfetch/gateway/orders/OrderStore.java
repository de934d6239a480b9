package io.bgfetch.gateway.orders;

import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.registering.Appearance;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What orders do in Postgres. Each answers the registration that it changed, or none. */
final class OrderStore {

  private final Pool pool;

  OrderStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * A registration, and what decides about orders beside its state.
   *
   * @param allGet whether every request of it is known to be a GET, so that it may be paused
   */
  record Target(StoredRegistration stored, boolean allGet) {}

  Future<Optional<Target>> find(String tenant, UUID uid) {
    return one(OrderSql.FIND, Tuple.of(tenant, uid));
  }

  Future<Optional<Target>> abort(String tenant, UUID uid) {
    return one(OrderSql.ABORT, Tuple.of(tenant, uid));
  }

  Future<Optional<Target>> setPaused(String tenant, UUID uid, boolean paused) {
    return pool.preparedQuery(OrderSql.LEARN_ALL_GET)
        .execute(Tuple.of(tenant, uid))
        .compose(learnt -> one(OrderSql.SET_PAUSED, Tuple.of(tenant, uid, paused)));
  }

  Future<Optional<Target>> update(String tenant, UUID uid, Appearance appearance) {
    @Nullable JsonArray icons =
        appearance.icons() == null ? null : RegistrationRows.json(appearance.icons());
    return one(
        OrderSql.UPDATE_APPEARANCE, Tuple.of(tenant, uid, appearance.title()).addValue(icons));
  }

  Future<Optional<Target>> click(String tenant, UUID uid) {
    return one(OrderSql.CLICK, Tuple.of(tenant, uid));
  }

  Future<Optional<Target>> delete(String tenant, UUID uid) {
    return one(OrderSql.DELETE, Tuple.of(tenant, uid));
  }

  private Future<Optional<Target>> one(String statement, Tuple tuple) {
    return pool.preparedQuery(statement)
        .execute(tuple)
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              return found.hasNext() ? Optional.of(target(found.next())) : Optional.empty();
            });
  }

  private static Target target(Row row) {
    return new Target(StoredRegistration.of(row), Boolean.TRUE.equals(row.getBoolean("all_get")));
  }
}
