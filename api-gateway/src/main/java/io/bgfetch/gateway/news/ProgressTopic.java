package io.bgfetch.gateway.news;

import io.bgfetch.fetch.Registration;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * The public topic of registrations: CloudEvents 1.0 in the binary mode of the Kafka protocol
 * binding, keyed by uid, so that the events of one registration are ordered.
 */
public final class ProgressTopic {

  private static final String TYPE_PREFIX = "io.bgfetch.registration.";

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
    String type = kind.topicName();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.PROGRESS,
            utf8(registration.uid().toString()),
            RegistrationJson.of(registration).toBuffer().getBytes());
    Headers headers = record.headers();
    headers.add("ce_specversion", utf8("1.0"));
    headers.add("ce_type", utf8(TYPE_PREFIX + type));
    headers.add("ce_source", utf8("/v1/fetches/" + registration.uid()));
    headers.add("ce_id", utf8(registration.uid() + ":" + registration.version() + ":" + type));
    headers.add("ce_subject", utf8(registration.id()));
    headers.add("content-type", utf8("application/json"));
    headers.add("tenant", utf8(registration.tenant()));
    return outbox.send(record).mapEmpty();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
