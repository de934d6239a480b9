package io.bgfetch.gateway.registering;

import static io.bgfetch.gateway.registering.KeySql.CLAIM;
import static io.bgfetch.gateway.registering.KeySql.DELETE_SOME_OLD;
import static io.bgfetch.gateway.registering.KeySql.EXTEND;
import static io.bgfetch.gateway.registering.KeySql.FIND;
import static io.bgfetch.gateway.registering.KeySql.FORGET_DELETED;
import static io.bgfetch.gateway.registering.KeySql.RELEASE;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Idempotency keys in Postgres. What a registration makes of its key is in its own statement. */
final class KeyStore {

  private final Pool pool;
  private final Duration lease;

  KeyStore(Pool pool, Duration lease) {
    this.pool = pool;
    this.lease = lease;
  }

  /**
   * What a key remembers.
   *
   * @param bodyHash of the body that made the registration
   */
  record Memory(UUID uid, Buffer bodyHash) {}

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

  /** Gives a key free that remembers a registration which was deleted. */
  Future<Boolean> forgetDeleted(String tenant, String key, UUID uid) {
    return change(FORGET_DELETED, Tuple.of(tenant, key, uid));
  }

  private Future<Boolean> change(String sql, Tuple tuple) {
    return pool.preparedQuery(sql).execute(tuple).map(rows -> rows.rowCount() > 0);
  }

  private static Tuple holding(KeyClaim claim) {
    return Tuple.of(claim.tenant(), claim.key(), claim.holder());
  }

  /** What the key remembers; empty while nothing was registered under it. */
  Future<Optional<Memory>> find(String tenant, String key) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(tenant, key))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(row -> new Memory(row.getUUID("uid"), row.getBuffer("body_hash"))));
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
