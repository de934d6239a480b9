package io.bgfetch.gateway.registering;

import io.bgfetch.config.Settings;
import java.time.Duration;

/**
 * How long idempotency keys live.
 *
 * @param lease after which the key of a gateway that died is free; it is renewed three times in it
 * @param patience of a request for the one before it with the same key
 * @param keep after a registration
 */
public record KeySettings(Duration lease, Duration patience, Duration keep) {

  public static KeySettings from(Settings settings) {
    return new KeySettings(
        settings.duration("BGFETCH_IDEMPOTENCY_LEASE", Duration.ofSeconds(30)),
        settings.duration("BGFETCH_IDEMPOTENCY_WAIT", Duration.ofSeconds(45)),
        settings.duration("BGFETCH_IDEMPOTENCY_KEEP", Duration.ofHours(24)));
  }
}
