package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/**
 * The right of one gateway to do a duty while the others leave it alone. It spares work and decides
 * nothing: a duty that is done twice counts once.
 */
final class DutyLease {

  /** How long a gateway that died keeps the others from its duty. */
  static final Duration GOOD_FOR = Duration.ofMinutes(1);

  private final Pool pool;
  private final String duty;
  private final UUID holder;

  DutyLease(Pool pool, String duty, UUID holder) {
    this.pool = pool;
    this.duty = duty;
    this.holder = holder;
  }

  /** Takes it, or keeps it for longer; false where another gateway has it. */
  Future<Boolean> take() {
    return pool.preparedQuery(RetentionSql.TAKE_LEASE)
        .execute(Tuple.of(duty, holder, (double) GOOD_FOR.toSeconds()))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Void> giveBack() {
    return pool.preparedQuery(RetentionSql.GIVE_LEASE_BACK)
        .execute(Tuple.of(duty, holder))
        .mapEmpty();
  }
}
