package io.bgfetch.gateway.webhook;

import io.bgfetch.gateway.news.RegistrationJson;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One event for one webhook that this gateway has taken to send.
 *
 * @param lease under which it was taken
 * @param eventId sent as {@code webhook-id}, the same in every attempt
 * @param data the registration, as JSON
 * @param tries before this one, since it was first sent or last ordered again
 */
record Delivery(
    UUID id,
    UUID lease,
    UUID webhook,
    String eventId,
    String type,
    Instant occurredAt,
    String data,
    int tries,
    Receiver receiver) {

  /**
   * Where it goes, as the webhook was when it was taken.
   *
   * @param secret sealed
   * @param previousSecrets sealed, those that sign along, the newest first
   */
  record Receiver(String url, String secret, List<String> previousSecrets) {

    Receiver {
      previousSecrets = List.copyOf(previousSecrets);
    }
  }

  /** The same bytes in every attempt. */
  Buffer payload() {
    return Buffer.buffer(
        "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
            .formatted(type, RegistrationJson.time(occurredAt), data));
  }
}
