package io.bgfetch.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that owns one Kafka consumer: nothing else ever touches it. Orders from other threads
 * are carried out between two polls. An error of a round is logged and the next round goes on,
 * after a pause; only {@link #close} ends the thread.
 */
final class ConsumerThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerThread.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<KafkaConsumer<byte[], byte[]>> round;
  private final Queue<Consumer<KafkaConsumer<byte[], byte[]>>> orders =
      new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Makes the consumer; {@link #start} starts the thread.
   *
   * @param round polls once and does what is to be done with the answer
   */
  ConsumerThread(
      String name, Map<String, Object> properties, Consumer<KafkaConsumer<byte[], byte[]>> round) {
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.round = round;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Carries out {@code order} on the thread, after the poll that is under way. */
  void order(Consumer<KafkaConsumer<byte[], byte[]>> order) {
    orders.add(order);
    consumer.wakeup();
  }

  private void run() {
    while (!closed) {
      try {
        carryOutOrders();
        round.accept(consumer);
      } catch (WakeupException ordered) {
        // an order waits, or the end
      } catch (RuntimeException failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("a round of the consumer failed");
        pause();
      }
    }
    consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
  }

  private void carryOutOrders() {
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.accept(consumer);
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_ERROR);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves the group and closes the consumer. Blocks for at most some seconds. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(CLOSE_WITHIN.plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
