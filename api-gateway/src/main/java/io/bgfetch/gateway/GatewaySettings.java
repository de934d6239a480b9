package io.bgfetch.gateway;

import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.gateway.api.HttpSettings;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.gateway.reading.ReadingSettings;
import io.bgfetch.gateway.registering.RegisteringSettings;
import io.bgfetch.gateway.shard.ShardSettings;
import io.bgfetch.kafka.KafkaSettings;

/**
 * The settings of one gateway, read once.
 *
 * @param blobs where bodies are, {@code file:/path}
 * @param egress where and by which way webhooks may be called
 */
public record GatewaySettings(
    HttpSettings http,
    PostgresSettings postgres,
    KafkaSettings kafka,
    RegisteringSettings registering,
    String blobs,
    ShardSettings shards,
    ReadingSettings reading,
    EgressSettings egress) {

  private static final String DATA_DIR = "BGFETCH_DATA_DIR";

  /**
   * Reads them.
   *
   * @throws io.bgfetch.config.SettingException that names the setting which is wrong
   */
  public static GatewaySettings from(Settings settings) {
    String dataDir = settings.text(DATA_DIR, ".bgfetch");
    return new GatewaySettings(
        HttpSettings.from(settings),
        PostgresSettings.from(settings),
        KafkaSettings.from(settings),
        RegisteringSettings.from(settings),
        settings.text("BGFETCH_BLOBS", "file:" + dataDir + "/blobs"),
        ShardSettings.from(settings),
        ReadingSettings.from(settings),
        EgressSettings.from(settings));
  }
}
