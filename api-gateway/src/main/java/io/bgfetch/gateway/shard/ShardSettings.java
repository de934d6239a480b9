package io.bgfetch.gateway.shard;

import io.bgfetch.config.Settings;
import io.bgfetch.lane.HostLimits;
import java.time.Duration;

/**
 * What an operator decides about shards.
 *
 * @param shards used at the first start; from then on Postgres remembers
 * @param jobPartitions of the jobs topic, used when it is created
 * @param replication of the topics, used when they are created
 * @param hostLimits of each host, over the whole cluster
 * @param quotaBytes that each tenant may store, {@link Long#MAX_VALUE} for any number
 */
public record ShardSettings(
    int shards,
    int jobPartitions,
    int replication,
    HostLimits hostLimits,
    Duration retryBase,
    Duration retryCap,
    long quotaBytes) {

  public static ShardSettings from(Settings settings) {
    return new ShardSettings(
        settings.number("BGFETCH_SHARDS", 16, 1, 4096),
        settings.number("BGFETCH_JOB_PARTITIONS", 64, 1, 4096),
        settings.number("BGFETCH_TOPIC_REPLICATION", 1, 1, 99),
        HostLimits.from(settings),
        settings.duration("BGFETCH_RETRY_BASE", Duration.ofSeconds(1)),
        settings.duration("BGFETCH_RETRY_CAP", Duration.ofMinutes(5)),
        settings.bytes("BGFETCH_QUOTA_BYTES", Quota.UNLIMITED));
  }
}
