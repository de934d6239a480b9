package io.bgfetch.worker;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.seal.SealKey;
import java.nio.file.Path;

/**
 * What a worker is told at its start.
 *
 * @param concurrency fetches at once
 * @param hostLimits of each host, over the whole cluster
 * @param blobs location of the blob store
 * @param egress where and by which way fetches may go
 * @param sealKey opens the secret headers of requests
 * @param timeouts the most that a registration may ask for
 * @param httpHost where health and metrics are served
 * @param httpPort 0 for any free port
 */
public record WorkerSettings(
    KafkaSettings kafka,
    int concurrency,
    HostLimits hostLimits,
    String blobs,
    EgressSettings egress,
    SealKey sealKey,
    Timeouts timeouts,
    String httpHost,
    int httpPort) {

  private static final int MOST_CONCURRENCY = 100_000;

  /**
   * Reads them.
   *
   * @throws SettingException that names the setting that is missing or cannot be read
   */
  public static WorkerSettings from(Settings settings) {
    return new WorkerSettings(
        KafkaSettings.from(settings),
        settings.number("BGFETCH_WORKER_CONCURRENCY", 256, 1, MOST_CONCURRENCY),
        HostLimits.from(settings),
        blobs(settings),
        EgressSettings.from(settings),
        SealKey.from(settings),
        timeouts(settings),
        settings.text("BGFETCH_HTTP_HOST", "127.0.0.1"),
        settings.number("BGFETCH_HTTP_PORT", 0, 0, 65_535));
  }

  private static String blobs(Settings settings) {
    Path data = Path.of(settings.text("BGFETCH_DATA_DIR", ".bgfetch"));
    return settings.text("BGFETCH_BLOBS", "file:" + data.resolve("blobs").toAbsolutePath());
  }

  private static Timeouts timeouts(Settings settings) {
    Timeouts byDefault = Timeouts.DEFAULT;
    return new Timeouts(
        settings.duration("BGFETCH_TIMEOUT_CONNECT", byDefault.connect()),
        settings.duration("BGFETCH_TIMEOUT_FIRST_BYTE", byDefault.firstByte()),
        settings.duration("BGFETCH_TIMEOUT_IDLE", byDefault.idle()),
        settings.duration("BGFETCH_TIMEOUT_TOTAL", byDefault.total()));
  }
}
