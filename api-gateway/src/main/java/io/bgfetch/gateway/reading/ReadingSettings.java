package io.bgfetch.gateway.reading;

import io.bgfetch.config.Settings;
import io.bgfetch.seal.SealKey;
import io.bgfetch.seal.SecretHeaders;

/**
 * How records are read.
 *
 * @param key with which headers that carry secrets were sealed
 * @param secrets headers whose values are never shown
 * @param liveReaders that wait for records which are under way, at most at once
 */
public record ReadingSettings(SealKey key, SecretHeaders secrets, int liveReaders) {

  public static ReadingSettings from(Settings settings) {
    return new ReadingSettings(
        SealKey.from(settings),
        SecretHeaders.from(settings),
        settings.number("BGFETCH_LIVE_READERS", 1_000, 1, 100_000));
  }
}
