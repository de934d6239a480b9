package io.bgfetch.kafka;

import io.bgfetch.config.Settings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How to reach Kafka: the bootstrap servers and every other client setting that was given as {@code
 * BGFETCH_KAFKA_…} (TLS, SASL).
 */
public record KafkaSettings(Map<String, String> clientProperties) {

  private static final String PREFIX = "BGFETCH_KAFKA_";
  private static final String BOOTSTRAP = "bootstrap.servers";

  public KafkaSettings {
    clientProperties = Map.copyOf(clientProperties);
  }

  /** Reads them; the bootstrap servers must be there. */
  public static KafkaSettings from(Settings settings) {
    String servers = settings.required("BGFETCH_KAFKA_BOOTSTRAP_SERVERS");
    Map<String, String> properties = new HashMap<>();
    settings
        .startingWith(PREFIX)
        .forEach(
            (name, value) ->
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
    properties.put(BOOTSTRAP, servers);
    return new KafkaSettings(properties);
  }

  /** Settings that name nothing but the servers. */
  public static KafkaSettings ofServers(String bootstrapServers) {
    return new KafkaSettings(Map.of(BOOTSTRAP, bootstrapServers));
  }

  /**
   * The properties of one client: the operator's, under those that bgfetch sets itself, because the
   * protocol rests on them (acknowledgements, commits, offsets).
   */
  Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> all = new HashMap<>(clientProperties);
    all.putAll(own);
    return all;
  }

  /** Names the servers and nothing that could be secret. */
  @Override
  public String toString() {
    return "KafkaSettings[" + clientProperties.get(BOOTSTRAP) + "]";
  }
}
