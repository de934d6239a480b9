package io.bgfetch.gateway.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants to be told.
 *
 * @param events by the names of the browser's API
 * @param disabled why nothing is sent there: {@code requested} by a client, or {@code gone} as the
 *     receiver said; null while it is enabled
 * @param previousUntil until when the secret before the last rotation signs along; null where there
 *     is none
 */
public record Webhook(
    UUID id,
    String url,
    List<String> events,
    @Nullable String disabled,
    @Nullable Instant previousUntil,
    Instant createdAt,
    Instant updatedAt) {

  public Webhook {
    events = List.copyOf(events);
  }

  public boolean enabled() {
    return disabled == null;
  }
}
