package io.bgfetch.gateway.shard;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.TakingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Takes jobs over real Kafka and answers each with the events that a script says, without fetching.
 */
public final class ScriptedWorker implements TakingInbox.Receiver, AutoCloseable {

  private final MessageCodec codec = new MessageCodec();
  private final AtomicInteger taken = new AtomicInteger();
  private final Function<FetchJob, List<FetchEvent>> script;
  private final Outbox outbox;
  private final TakingInbox inbox;

  public ScriptedWorker(
      Vertx vertx, KafkaSettings kafka, Function<FetchJob, List<FetchEvent>> script) {
    this.script = script;
    this.outbox = new Outbox(vertx, kafka, "scripted-worker", Duration.ofSeconds(30));
    this.inbox = new TakingInbox(kafka, Topics.JOBS, Topics.WORKERS, 200, this);
    inbox.start();
  }

  int taken() {
    return taken.get();
  }

  @Override
  public void assigned(Set<Integer> partitions) {}

  @Override
  public void lost(Set<Integer> partitions) {}

  @Override
  public void taken(List<ConsumerRecord<byte[], byte[]>> batch) {
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      FetchJob job = codec.job(record.value());
      taken.incrementAndGet();
      tell(job, script.apply(job));
    }
  }

  /** Tells the shard of a job, also later than its script. */
  public void tell(FetchJob job, List<FetchEvent> events) {
    for (FetchEvent event : events) {
      outbox.send(new ProducerRecord<>(Topics.EVENTS, job.shard(), null, codec.encode(event)));
    }
  }

  @Override
  public void close() {
    inbox.close();
    outbox.close();
  }
}
