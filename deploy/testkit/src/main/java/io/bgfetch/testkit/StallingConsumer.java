package io.bgfetch.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Stalls a Kafka consumer at the end of a poll, when it has records and nobody has heard of them,
 * for longer than its group waits for it: what a long collection or a suspended machine do. Made by
 * the consumer itself, which is told so by {@link #properties}.
 */
public final class StallingConsumer implements ConsumerInterceptor<byte[], byte[]> {

  private static final String NAME = "test.stall";
  private static final Map<String, StallingConsumer> ALL = new ConcurrentHashMap<>();

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean armed;
  private volatile boolean stalling;

  /**
   * Of a consumer that may stall.
   *
   * @param deadAfter without a poll it is thought dead
   */
  public static Map<String, String> properties(String name, Duration deadAfter) {
    return Map.of(
        NAME,
        name,
        "interceptor.classes",
        StallingConsumer.class.getName(),
        "max.poll.interval.ms",
        Long.toString(deadAfter.toMillis()));
  }

  /** That of the consumer which was told this name, and is made. */
  public static StallingConsumer named(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  /** The next poll that has records does not end. */
  public void stall() {
    armed = true;
  }

  /** Whether it stands still now. */
  public boolean stalling() {
    return stalling;
  }

  /** Wakes it up, for good. */
  public void wake() {
    over.countDown();
  }

  @Override
  public void configure(Map<String, ?> configuration) {
    ALL.put(Objects.requireNonNull((String) configuration.get(NAME), NAME), this);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (armed && !records.isEmpty()) {
      stalling = true;
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      stalling = false;
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
