package io.bgfetch.gateway.registering;

import io.bgfetch.config.Settings;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.seal.SecretHeaders;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/** Sealing with a key of zeros, and the header {@code x-token} as a secret beside the standard. */
final class TestSealing {

  static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "BGFETCH_SECRET_KEY",
              Base64.getEncoder().encodeToString(new byte[32]),
              "BGFETCH_SECRET_HEADERS",
              "X-Token"),
          new Properties());

  static final HeaderSeal SEAL = new HeaderSeal(SealKey.from(SETTINGS), new SecureRandom());

  private TestSealing() {}

  static HeaderSealing sealing() {
    return new HeaderSealing(SecretHeaders.from(SETTINGS), SEAL);
  }

  static Checks checks() {
    return checks(Map.of());
  }

  static Checks checks(Map<String, String> limits) {
    return new Checks(RegisteringLimits.from(SETTINGS.with(limits)), sealing());
  }
}
