package io.bgfetch.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads all of a topic without a group, from some seconds back on, and knows when it last had read
 * to the end: a worker must not send a first byte while it may have missed an order.
 */
public final class TailingInbox implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final Duration back;
  private final InstantSource clock;
  private final ConsumerThread thread;
  private final Receiver receiver;
  private volatile long readToEndAt = Long.MIN_VALUE;
  private boolean positioned;

  /** Receives on the inbox's own thread. While it blocks nothing more is read. */
  public interface Receiver {

    /** Records in the order of their partitions. */
    void received(List<ConsumerRecord<byte[], byte[]>> batch);

    /**
     * Everything that had been written {@code at} that moment has been received.
     *
     * @param at milliseconds since the epoch, by this process's clock
     */
    default void readToEnd(long at) {}
  }

  /**
   * Makes the inbox.
   *
   * @param back how far back it begins to read
   */
  public TailingInbox(
      KafkaSettings kafka, String topic, Duration back, InstantSource clock, Receiver receiver) {
    this.topic = topic;
    this.back = back;
    this.clock = clock;
    this.receiver = receiver;
    this.thread =
        new ConsumerThread(topic + ".tail", Consumers.alone(kafka, topic + ".tail"), this::round);
  }

  public void start() {
    thread.start();
  }

  /**
   * When the topic had last been read to its end, in milliseconds since the epoch by this process's
   * clock; {@link Long#MIN_VALUE} before the first time. May be asked from any thread.
   */
  public long readToEndAt() {
    return readToEndAt;
  }

  private void round(KafkaConsumer<byte[], byte[]> consumer) {
    if (!positioned) {
      position(consumer);
    }
    long askedAt = clock.millis();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    do {
      var polled = consumer.poll(POLL);
      if (!polled.isEmpty()) {
        receiver.received(
            polled.partitions().stream().flatMap(p -> polled.records(p).stream()).toList());
      }
    } while (!reached(consumer, ends) && clock.millis() - askedAt < 5_000);
    if (reached(consumer, ends)) {
      readToEndAt = askedAt;
      receiver.readToEnd(askedAt);
    }
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private void position(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic + " yet");
    }
    consumer.assign(partitions);
    long since = clock.millis() - back.toMillis();
    Map<TopicPartition, OffsetAndTimestamp> first =
        consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(p -> p, p -> since)));
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp found = first.get(partition);
      consumer.seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset());
    }
    positioned = true;
  }

  @Override
  public void close() {
    thread.close();
  }
}
