package io.bgfetch.gateway.orders;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.message.Permission;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders to all workers. All of them go to one partition, so that all workers read one order. */
public final class ControlTopic implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
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

  /** Cuts what runs of a registration, and lets nothing of it start. */
  Future<Void> cancel(UUID uid) {
    return inEffect(uid, new ControlMessage.Cancel(uid));
  }

  /** Makes workers give back every job of a registration that is older than this version. */
  Future<Void> pause(UUID uid, long version) {
    return inEffect(uid, new ControlMessage.Pause(uid, version));
  }

  /**
   * Ends when nothing can start against the order any more: it is acknowledged, and no worker lets
   * a first byte go out without having read it; or every permission from before has lapsed.
   */
  private Future<Void> inEffect(UUID uid, ControlMessage message) {
    return send(uid, message)
        .timeout(Permission.GOOD_FOR.toMillis(), TimeUnit.MILLISECONDS)
        .recover(cause -> lapse(uid, cause));
  }

  private Future<Void> send(UUID uid, ControlMessage message) {
    Outbox open = outbox;
    if (open == null) {
      return Future.failedFuture(new KafkaException("the producer is closed"));
    }
    byte[] key = uid.toString().getBytes(StandardCharsets.US_ASCII);
    return open.send(new ProducerRecord<>(Topics.CONTROL, PARTITION, key, codec.encode(message)))
        .mapEmpty();
  }

  private Future<Void> lapse(UUID uid, Throwable cause) {
    LOG.atInfo()
        .addKeyValue("uid", uid)
        .addKeyValue("reason", cause.getMessage())
        .log("an order to the workers is not acknowledged");
    return cause instanceof TimeoutException
        ? Future.succeededFuture()
        : vertx.timer(Permission.GOOD_FOR.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
