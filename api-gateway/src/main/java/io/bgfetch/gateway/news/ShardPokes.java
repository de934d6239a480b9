package io.bgfetch.gateway.news;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells shards that there is something to see in Postgres. Nobody waits for it and it may get lost:
 * the shards also look by themselves.
 */
public final class ShardPokes implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(ShardPokes.class);
  private static final Duration DELIVER_WITHIN = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final MessageCodec codec = new MessageCodec();
  private @Nullable Outbox outbox;

  public ShardPokes(Vertx vertx, KafkaSettings kafka) {
    this.vertx = vertx;
    this.kafka = kafka;
  }

  @Override
  public Future<Void> start() {
    outbox = new Outbox(vertx, kafka, "bgfetch-pokes", DELIVER_WITHIN);
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

  /** A registration is durable. */
  public void registered(UUID uid, int shard) {
    poke(shard, uid, new FetchEvent.Registered(uid));
  }

  /** A client changed a registration. */
  public void changed(UUID uid, int shard) {
    poke(shard, uid, new FetchEvent.Changed(uid));
  }

  private void poke(int shard, UUID uid, FetchEvent event) {
    Outbox open = outbox;
    if (open != null) {
      open.send(new ProducerRecord<>(Topics.EVENTS, shard, null, codec.encode(event)))
          .onFailure(
              cause ->
                  LOG.atDebug().addKeyValue("uid", uid).setCause(cause).log("a poke was lost"));
    }
  }
}
