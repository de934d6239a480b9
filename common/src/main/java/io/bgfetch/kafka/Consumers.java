package io.bgfetch.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;

/** The client properties that our consumers have in common. */
final class Consumers {

  private Consumers() {}

  /** A member of a group. Member ids are random for each process; there is no static membership. */
  static Map<String, Object> ofGroup(KafkaSettings kafka, String group, int maxPollRecords) {
    Map<String, Object> own = common(group, maxPollRecords);
    own.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
    own.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    own.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    own.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    return kafka.with(own);
  }

  /** Goes to the start of these partitions; of none, where the client itself would take all. */
  static void seekToBeginning(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      consumer.seekToBeginning(partitions);
    }
  }

  /** A reader on its own, without a group. */
  static Map<String, Object> alone(KafkaSettings kafka, String name) {
    return kafka.with(common(name, 1_000));
  }

  private static Map<String, Object> common(String clientId, int maxPollRecords) {
    Map<String, Object> own = new HashMap<>();
    own.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    own.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    own.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    own.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8_000);
    own.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    own.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
    return own;
  }
}
