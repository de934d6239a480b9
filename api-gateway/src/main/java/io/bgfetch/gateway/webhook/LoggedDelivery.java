package io.bgfetch.gateway.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event for one webhook, as the log of deliveries shows it.
 *
 * @param eventId that of the event on the progress topic, sent as {@code webhook-id}
 * @param state {@code waiting}, {@code delivered} or {@code failed}
 * @param attempts all that were made
 * @param nextAttemptAt null while an attempt is under way, and where none is to come
 * @param lastAttempt null before the first one has ended
 * @param error why it has not been delivered, one line; null where it has, or was not tried yet
 */
public record LoggedDelivery(
    UUID id,
    String eventId,
    String type,
    Instant occurredAt,
    String state,
    int attempts,
    Instant createdAt,
    @Nullable Instant nextAttemptAt,
    @Nullable LastAttempt lastAttempt,
    @Nullable String error) {

  /**
   * How the last attempt went.
   *
   * @param status that the receiver answered, null where it did not
   */
  public record LastAttempt(Instant at, long tookMillis, @Nullable Integer status) {}
}
