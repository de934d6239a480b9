package io.bgfetch.worker.report;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.EventMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** News on the events topic: partition n is shard n's. */
public final class KafkaNews implements News, Part {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaNews.class);
  private static final Duration DELIVER_WITHIN = Duration.ofSeconds(5);
  private static final long AGAIN_AFTER_MILLIS = 500;

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final String worker;
  private final MessageCodec codec;
  private @Nullable Outbox outbox;

  public KafkaNews(Vertx vertx, KafkaSettings kafka, String worker, MessageCodec codec) {
    this.vertx = vertx;
    this.kafka = kafka;
    this.worker = worker;
    this.codec = codec;
  }

  @Override
  public Future<Void> start() {
    return vertx
        .executeBlocking(() -> new Outbox(vertx, kafka, worker + "-events", DELIVER_WITHIN))
        .onSuccess(opened -> outbox = opened)
        .mapEmpty();
  }

  @Override
  public void tell(int shard, FetchEvent event) {
    send(shard, codec.message(event))
        .onFailure(
            lost ->
                LOG.atDebug()
                    .addKeyValue("worker", worker)
                    .addKeyValue("shard", shard)
                    .setCause(lost)
                    .log("news was lost"));
  }

  @Override
  public Future<Void> deliver(int shard, FetchEvent.OfTask last) {
    Promise<Void> acknowledged = Promise.promise();
    deliver(shard, codec.message(last), acknowledged);
    return acknowledged.future();
  }

  private void deliver(int shard, EventMessage event, Promise<Void> acknowledged) {
    send(shard, event)
        .onSuccess(sent -> acknowledged.complete())
        .onFailure(
            lost -> {
              if (outbox == null) {
                acknowledged.fail(lost);
              } else {
                vertx.setTimer(AGAIN_AFTER_MILLIS, now -> deliver(shard, event, acknowledged));
              }
            });
  }

  private Future<Void> send(int shard, EventMessage event) {
    Outbox open = outbox;
    return open == null
        ? Future.failedFuture("the producer is closed")
        : open.send(record(shard, event)).mapEmpty();
  }

  private static ProducerRecord<byte[], byte[]> record(int shard, EventMessage event) {
    var record = new ProducerRecord<byte[], byte[]>(Topics.EVENTS, shard, null, event.json());
    if (event.body() != null) {
      record.headers().add(EventMessage.BODY, event.body());
    }
    return record;
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
            });
  }
}
