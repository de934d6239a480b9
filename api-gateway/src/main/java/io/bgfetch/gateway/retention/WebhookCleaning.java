package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;

/**
 * Deletes deliveries that have been over for a week, and those of deleted webhooks with their
 * webhooks; gives up what has waited two days, and a week for a disabled webhook; forgets secrets
 * that sign no more.
 */
final class WebhookCleaning implements Duty {

  private final Pool pool;

  WebhookCleaning(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "webhooks";
  }

  @Override
  public Future<Boolean> run() {
    return some(RetentionSql.FORGET_SECRETS)
        .compose(secrets -> some(RetentionSql.GIVE_UP_HELD_DELIVERIES))
        .compose(some -> some(RetentionSql.GIVE_UP_OLD_DELIVERIES).map(more -> some || more))
        .compose(some -> some(RetentionSql.FORGET_DELIVERIES).map(more -> some || more))
        .compose(some -> some(RetentionSql.DELETE_DELIVERIES).map(more -> some || more))
        .compose(some -> some(RetentionSql.DELETE_WEBHOOKS).map(deleted -> some));
  }

  private Future<Boolean> some(String statement) {
    return pool.query(statement).execute().map(rows -> rows.rowCount() > 0);
  }
}
