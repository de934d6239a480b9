package io.bgfetch.gateway.webhook;

import io.bgfetch.gateway.webhook.LoggedDelivery.LastAttempt;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the tables of webhooks and their deliveries. */
final class DeliveryRows {

  private DeliveryRows() {}

  static Webhook webhook(Row row) {
    return new Webhook(
        row.getUUID("id"),
        row.getString("url"),
        List.of(row.getArrayOfStrings("events")),
        row.getString("disabled"),
        latest(row.getArrayOfOffsetDateTimes("previous_until")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }

  static LoggedDelivery logged(Row row) {
    Instant triedAt = instant(row, "tried_at");
    return new LoggedDelivery(
        row.getUUID("id"),
        row.getString("event_id"),
        row.getString("type"),
        row.getOffsetDateTime("occurred_at").toInstant(),
        row.getString("state"),
        row.getInteger("attempts"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getUUID("lease") == null ? instant(row, "due_at") : null,
        triedAt == null
            ? null
            : new LastAttempt(triedAt, row.getInteger("took_millis"), row.getInteger("status")),
        row.getString("error"));
  }

  /** One that was taken, with what its webhook says. */
  static Delivery taken(Row row) {
    return new Delivery(
        row.getUUID("id"),
        row.getUUID("lease"),
        row.getUUID("webhook"),
        row.getString("event_id"),
        row.getString("type"),
        row.getOffsetDateTime("occurred_at").toInstant(),
        row.getString("data"),
        row.getInteger("tries"),
        new Delivery.Receiver(
            row.getString("url"),
            row.getString("secret"),
            List.of(row.getArrayOfStrings("previous_secrets"))));
  }

  /** The first one is that of the last rotation. */
  private static @Nullable Instant latest(OffsetDateTime[] ends) {
    return ends.length == 0 ? null : ends[0].toInstant();
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
