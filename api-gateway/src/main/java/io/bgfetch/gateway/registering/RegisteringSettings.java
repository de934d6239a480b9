package io.bgfetch.gateway.registering;

import io.bgfetch.config.Settings;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.seal.SecretHeaders;
import java.security.SecureRandom;

/** What an operator decides about registering. */
public record RegisteringSettings(
    RegisteringLimits limits, KeySettings keys, HeaderSealing sealing) {

  /**
   * Reads them, and the key that secrets are sealed with.
   *
   * @throws io.bgfetch.config.SettingException that names the setting which is wrong
   */
  public static RegisteringSettings from(Settings settings) {
    HeaderSeal seal = new HeaderSeal(SealKey.from(settings), new SecureRandom());
    return new RegisteringSettings(
        RegisteringLimits.from(settings),
        KeySettings.from(settings),
        new HeaderSealing(SecretHeaders.from(settings), seal));
  }
}
