package io.bgfetch.gateway.shard;

import io.bgfetch.kafka.KafkaAdmin;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What the shards of a gateway send to Kafka and ask of it. */
final class ShardKafka {

  private final Outbox outbox;
  private final KafkaAdmin admin;
  private final int jobPartitions;
  private final MessageCodec codec = new MessageCodec();

  ShardKafka(Outbox outbox, KafkaAdmin admin, int jobPartitions) {
    this.outbox = outbox;
    this.admin = admin;
    this.jobPartitions = jobPartitions;
  }

  /** Produces a job; answers where it stands. */
  Future<Barrier> release(Decision.Release release) {
    return outbox
        .send(
            new ProducerRecord<>(
                Topics.JOBS,
                release.partition(),
                utf8(release.job().lane()),
                codec.encode(release.job())))
        .map(at -> new Barrier.At(at.partition(), at.offset()));
  }

  Future<Void> say(ControlMessage message) {
    return outbox
        .send(new ProducerRecord<>(Topics.CONTROL, 0, null, codec.encode(message)))
        .mapEmpty();
  }

  /** A shard's word to itself; answers the offset at which it will be read. */
  Future<Long> tick(int shard, String owner) {
    byte[] tick = codec.encode(new FetchEvent.Tick(owner));
    return outbox
        .send(new ProducerRecord<>(Topics.EVENTS, shard, null, tick))
        .map(RecordMetadata::offset);
  }

  /** The id of the events topic: a topic that was lost and made again has another one. */
  Future<String> eventsTopicId() {
    return admin.describe(Topics.EVENTS).map(topic -> topic.topicId().toString());
  }

  Future<Long> eventsEnd(int shard) {
    return admin.end(Topics.EVENTS, shard);
  }

  /** How the jobs topic stands now. */
  Future<QueueView> queue() {
    Future<Map<Integer, Long>> committed = admin.committed(Topics.WORKERS, Topics.JOBS);
    Future<Map<Integer, Long>> starts = admin.starts(Topics.JOBS, jobPartitions);
    Future<Map<Integer, Long>> ends = admin.ends(Topics.JOBS, jobPartitions);
    return Future.all(committed, starts, ends)
        .map(all -> new QueueView(starts.result(), ends.result(), committed.result()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
