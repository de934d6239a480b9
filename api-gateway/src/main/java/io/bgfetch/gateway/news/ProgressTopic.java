package io.bgfetch.gateway.news;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bgfetch.fetch.Registration;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The public topic of registrations: CloudEvents 1.0 in the binary mode of the Kafka protocol
 * binding, keyed by uid, so that the events of one registration are ordered. Who publishes a state
 * again gives the event the id and the time that it had; what it says of titles, icons and whether
 * records are available is how they are then.
 */
public final class ProgressTopic {

  private static final String TYPE_PREFIX = "io.bgfetch.registration.";
  private static final String SOURCE_PREFIX = "/v1/fetches/";

  private final Outbox outbox;

  public ProgressTopic(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Publishes a registration as it is: progress while it is active, else its one end event. */
  public Future<Void> publish(Registration registration) {
    return publish(registration, News.Kind.of(registration));
  }

  /** Publishes that a person opened it; the version is the one that the click made. */
  public Future<Void> publishClick(Registration registration) {
    return publish(registration, News.Kind.CLICK);
  }

  private Future<Void> publish(Registration registration, News.Kind kind) {
    ProducerRecord<byte[], byte[]> record =
        KafkaMessageFactory.createWriter(
                Topics.PROGRESS, registration.uid().toString().getBytes(UTF_8))
            .writeBinary(event(registration, kind));
    record.headers().add("tenant", registration.tenant().getBytes(UTF_8));
    return outbox.send(record).mapEmpty();
  }

  private static CloudEvent event(Registration registration, News.Kind kind) {
    String type = kind.topicName();
    return CloudEventBuilder.v1()
        .withId(registration.uid() + ":" + registration.version() + ":" + type)
        .withSource(URI.create(SOURCE_PREFIX + registration.uid()))
        .withType(TYPE_PREFIX + type)
        .withSubject(registration.id())
        .withTime(made(registration.version()).atOffset(ZoneOffset.UTC))
        .withData("application/json", RegistrationJson.of(registration).toBuffer().getBytes())
        .build();
  }

  /**
   * When a version was made, by Postgres's clock: a version is the milliseconds since the epoch,
   * and ahead of them only where it follows another one within the same millisecond. Nothing else
   * is known of a state that is told of again by another process.
   */
  private static Instant made(long version) {
    return Instant.ofEpochMilli(version);
  }
}
