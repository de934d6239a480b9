package io.bgfetch.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Stalls a consumer at the end of the first poll that has records, when it has them and nobody has
 * heard of it: what a long collection, a suspended machine or a debugger do. Made by Kafka's
 * client, which is told the name of the stall.
 */
public final class StallingConsumer implements ConsumerInterceptor<byte[], byte[]> {

  private static final String NAME = "test.stall";
  private static final Map<String, StallingConsumer> ALL = new ConcurrentHashMap<>();

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  /** The settings of a consumer that stalls, and is thought dead when it does so for a second. */
  static KafkaSettings settings(KafkaSettings kafka, String name) {
    Map<String, String> properties = new HashMap<>(kafka.clientProperties());
    properties.put(NAME, name);
    properties.put("interceptor.classes", StallingConsumer.class.getName());
    properties.put("max.poll.interval.ms", "1000");
    return new KafkaSettings(properties);
  }

  /** That of this name, once its consumer is made. */
  static StallingConsumer named(String name) {
    return ALL.get(name);
  }

  boolean stalls() {
    return begun.getCount() == 0 && over.getCount() > 0;
  }

  void goOn() {
    over.countDown();
  }

  @Override
  public void configure(Map<String, ?> configuration) {
    ALL.put((String) configuration.get(NAME), this);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (!records.isEmpty()) {
      begun.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
