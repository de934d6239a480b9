package io.bgfetch.gateway.registering;

import static io.bgfetch.gateway.registering.KeySql.CLAIM;
import static io.bgfetch.gateway.registering.KeySql.DELETE_SOME_OLD;
import static io.bgfetch.gateway.registering.KeySql.EXTEND;
import static io.bgfetch.gateway.registering.KeySql.FIND;
import static io.bgfetch.gateway.registering.KeySql.RELEASE;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Idempotency keys in Postgres. What a registration makes of its key is in its own statement. */
final class KeyStore {

  private final Pool pool;
  private final Duration lease;

  KeyStore(Pool pool, Duration lease) {
    this.pool = pool;
    this.lease = lease;
  }

  /**
   * A key that is not free.
   *
   * @param uid of the registration that it remembers, null while the first request is under way
   * @param bodyHash of the body that made it, likewise
   */
  record TakenKey(@Nullable UUID uid, @Nullable Buffer bodyHash) {}

  /** Takes the key; false where it is not free. */
  Future<Boolean> claim(KeyClaim claim) {
    return change(CLAIM, holding(claim).addDouble(seconds(lease)));
  }

  /** Holds the key for another lease; false where it is not held any more. */
  Future<Boolean> extend(KeyClaim claim) {
    return change(EXTEND, holding(claim).addDouble(seconds(lease)));
  }

  /** Lets go of the key, unless it remembers a registration. */
  Future<Boolean> release(KeyClaim claim) {
    return change(RELEASE, holding(claim));
  }

  private Future<Boolean> change(String sql, Tuple tuple) {
    return pool.preparedQuery(sql).execute(tuple).map(rows -> rows.rowCount() > 0);
  }

  private static Tuple holding(KeyClaim claim) {
    return Tuple.of(claim.tenant(), claim.key(), claim.holder());
  }

  Future<Optional<TakenKey>> find(String tenant, String key) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(tenant, key))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).findFirst())
        .map(row -> row.map(KeyStore::taken));
  }

  private static TakenKey taken(Row row) {
    return new TakenKey(row.getUUID("uid"), row.getBuffer("body_hash"));
  }

  /** Deletes those whose time is over. */
  Future<Void> deleteOld() {
    return change(DELETE_SOME_OLD, Tuple.tuple())
        .compose(some -> some ? deleteOld() : Future.succeededFuture());
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
