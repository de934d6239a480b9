package io.bgfetch.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A service that follows its background fetches over Kafka, with nothing but Kafka's client and the
 * CloudEvents SDK. Its instances are one consumer group: each event goes to one of them, and all
 * events of a registration to the same one. An event may come twice, after a crash of either side;
 * it then has the same id.
 */
public final class ProgressSubscriber implements Runnable, AutoCloseable {

  private final KafkaConsumer<String, CloudEvent> consumer;
  private final Consumer<CloudEvent> handler;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes a subscriber; {@link #run} then receives until it is closed.
   *
   * @param group the name of the service
   */
  public ProgressSubscriber(String bootstrapServers, String group, Consumer<CloudEvent> handler) {
    this.handler = handler;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false),
            new StringDeserializer(),
            new CloudEventDeserializer());
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(List.of("bgfetch.progress"));
      while (!closed.get()) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> handler.accept(record.value()));
        consumer.commitSync(); // only what was handled: none is lost
      }
    } catch (WakeupException told) {
      // by close
    }
  }

  /** Ends {@link #run}. From any thread. */
  @Override
  public void close() {
    closed.set(true);
    consumer.wakeup();
  }

  /** Prints how registrations end: {@code ProgressSubscriber localhost:9092}. */
  public static void main(String[] arguments) {
    new ProgressSubscriber(arguments[0], "example", ProgressSubscriber::print).run();
  }

  private static void print(CloudEvent event) {
    switch (event.getType()) {
      case "io.bgfetch.registration.success",
          "io.bgfetch.registration.fail",
          "io.bgfetch.registration.abort" ->
          System.out.println(
              event.getSubject() + " " + new String(event.getData().toBytes(), UTF_8));
      default -> {}
    }
  }
}
