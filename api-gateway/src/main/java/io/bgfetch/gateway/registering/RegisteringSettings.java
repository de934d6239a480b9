package io.bgfetch.gateway.registering;

import io.bgfetch.config.Settings;
import io.bgfetch.seal.SealKey;
import io.bgfetch.seal.SecretHeaders;

/**
 * What an operator decides about registering.
 *
 * @param secrets headers that are sealed
 * @param key with which they are
 */
public record RegisteringSettings(
    RegisteringLimits limits, KeySettings keys, SecretHeaders secrets, SealKey key) {

  /**
   * Reads them.
   *
   * @throws io.bgfetch.config.SettingException that names the setting which is wrong
   */
  public static RegisteringSettings from(Settings settings) {
    return new RegisteringSettings(
        RegisteringLimits.from(settings),
        KeySettings.from(settings),
        SecretHeaders.from(settings),
        SealKey.from(settings));
  }
}
