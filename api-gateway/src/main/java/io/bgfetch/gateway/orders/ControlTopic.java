package io.bgfetch.gateway.orders;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Orders to all workers. All of them go to one partition, so that all workers read one order. */
public final class ControlTopic implements Part {

  private static final int PARTITION = 0;
  private static final Duration DELIVER_WITHIN = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final MessageCodec codec = new MessageCodec();
  private @Nullable Outbox outbox;

  public ControlTopic(Vertx vertx, KafkaSettings kafka) {
    this.vertx = vertx;
    this.kafka = kafka;
  }

  @Override
  public Future<Void> start() {
    outbox = new Outbox(vertx, kafka, "bgfetch-orders", DELIVER_WITHIN);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    Outbox open = outbox;
    outbox = null;
    return open == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              open.close();
              return null;
            },
            false);
  }

  /** Cuts what runs of a registration; succeeds when the order is acknowledged. */
  Future<Void> cancel(UUID uid) {
    Outbox open = outbox;
    if (open == null) {
      return Future.failedFuture(new KafkaException("the producer is closed"));
    }
    byte[] key = uid.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] message = codec.encode(new ControlMessage.Cancel(uid));
    return open.send(new ProducerRecord<>(Topics.CONTROL, PARTITION, key, message)).mapEmpty();
  }
}
