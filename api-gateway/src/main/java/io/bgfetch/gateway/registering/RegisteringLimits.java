package io.bgfetch.gateway.registering;

import io.bgfetch.config.Settings;
import io.bgfetch.fetch.Timeouts;
import java.time.Duration;

/**
 * What one registration may ask for.
 *
 * @param documentBytes of a JSON document
 * @param documentsBytes of all bodies that lie in memory at once; one tenant may have half of it
 * @param lineBytes of one NDJSON line
 * @param urlLength of a URL, in characters
 * @param headerBytes of all headers of one request
 * @param requestBodyBytes of the body of one request
 * @param titleLength in code points
 * @param icons of one registration
 * @param iconBytes of one icon's members together
 * @param activeRegistrations of one tenant
 * @param quotaBytes that one tenant may store: request bodies and response bodies
 * @param timeouts where a registration names none, and the most that it may name
 * @param retention how long records stay after the end where a registration does not say
 */
public record RegisteringLimits(
    int documentBytes,
    long documentsBytes,
    int lineBytes,
    int urlLength,
    int headerBytes,
    long requestBodyBytes,
    int titleLength,
    int icons,
    int iconBytes,
    int activeRegistrations,
    long quotaBytes,
    Timeouts timeouts,
    Duration retention) {

  private static final int MOST_BYTES = 1 << 28;

  public static RegisteringLimits from(Settings settings) {
    int documentBytes = size(settings, "BGFETCH_LIMIT_JSON", 16 << 20);
    return new RegisteringLimits(
        documentBytes,
        Math.max(2L * documentBytes, settings.bytes("BGFETCH_LIMIT_JSON_TOGETHER", 64 << 20)),
        size(settings, "BGFETCH_LIMIT_LINE", 1 << 20),
        size(settings, "BGFETCH_LIMIT_URL", 16 << 10),
        size(settings, "BGFETCH_LIMIT_HEADERS", 64 << 10),
        settings.bytes("BGFETCH_LIMIT_REQUEST_BODY", 1 << 30),
        settings.number("BGFETCH_LIMIT_TITLE", 1_024, 0, 65_536),
        settings.number("BGFETCH_LIMIT_ICONS", 16, 0, 1_024),
        size(settings, "BGFETCH_LIMIT_ICON", 4 << 10),
        settings.number("BGFETCH_ACTIVE_REGISTRATIONS", 10_000, 1, 10_000_000),
        settings.bytes("BGFETCH_QUOTA_BYTES", Long.MAX_VALUE),
        timeouts(settings),
        settings.duration("BGFETCH_RETENTION", Duration.ofHours(24)));
  }

  private static Timeouts timeouts(Settings settings) {
    Timeouts byDefault = Timeouts.DEFAULT;
    return new Timeouts(
        settings.duration("BGFETCH_TIMEOUT_CONNECT", byDefault.connect()),
        settings.duration("BGFETCH_TIMEOUT_FIRST_BYTE", byDefault.firstByte()),
        settings.duration("BGFETCH_TIMEOUT_IDLE", byDefault.idle()),
        settings.duration("BGFETCH_TIMEOUT_TOTAL", byDefault.total()));
  }

  private static int size(Settings settings, String name, int byDefault) {
    return (int) Math.min(settings.bytes(name, byDefault), MOST_BYTES);
  }
}
