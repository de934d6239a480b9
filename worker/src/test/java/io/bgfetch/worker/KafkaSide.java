package io.bgfetch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TopicCreation;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.EventMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Stands where the shards stand: releases jobs, gives orders, and hears all events. */
final class KafkaSide implements AutoCloseable {

  static final int SHARDS = 2;
  static final int JOB_PARTITIONS = 8;

  private final String servers;
  private final MessageCodec codec = new MessageCodec();
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<FetchEvent> events = new CopyOnWriteArrayList<>();
  private final Set<Granted> granted = ConcurrentHashMap.newKeySet();
  private final Thread reader;
  private volatile int longestEvent;
  private volatile boolean closed;

  KafkaSide(String servers) {
    this.servers = servers;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      new TopicCreation(SHARDS, JOB_PARTITIONS, (short) 1).ensure(admin, Duration.ofSeconds(20));
    }
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.reader = Thread.ofPlatform().name("events").start(this::read);
  }

  KafkaSettings settings() {
    return KafkaSettings.ofServers(servers);
  }

  /** Releases a job and, as a shard would, grants it whatever it asks for. */
  void releaseAndGrant(FetchJob job) {
    granted.add(new Granted(job.uid(), job.index()));
    release(job);
  }

  /** Releases a job, whose questions are the test's to answer. */
  void release(FetchJob job) {
    send(Topics.JOBS, job.lane().getBytes(StandardCharsets.UTF_8), codec.encode(job));
  }

  /** Releases many jobs, and waits until they are all in their queue. */
  void release(List<FetchJob> jobs) {
    List<Future<RecordMetadata>> sent = jobs.stream().map(this::released).toList();
    producer.flush();
    assertThat(sent).allMatch(Future::isDone);
  }

  private Future<RecordMetadata> released(FetchJob job) {
    byte[] lane = job.lane().getBytes(StandardCharsets.UTF_8);
    return producer.send(new ProducerRecord<>(Topics.JOBS, lane, codec.encode(job)));
  }

  void order(ControlMessage order) {
    send(Topics.CONTROL, null, codec.encode(order));
  }

  private void send(String topic, byte[] key, byte[] value) {
    try {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The length of the longest event so far, in bytes. */
  int longestEvent() {
    return longestEvent;
  }

  List<FetchEvent> events() {
    return events;
  }

  <E extends FetchEvent> List<E> events(Class<E> type, Predicate<E> which) {
    return events.stream().filter(type::isInstance).map(type::cast).filter(which).toList();
  }

  /** The first event of this type about this job. */
  <E extends FetchEvent.OfTask> E await_(Class<E> type, FetchJob job) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> of(type, job), found -> !found.isEmpty())
        .getFirst();
  }

  <E extends FetchEvent.OfTask> List<E> of(Class<E> type, FetchJob job) {
    return events(type, e -> e.task().uid().equals(job.uid()) && e.task().index() == job.index());
  }

  List<FetchEvent.OfTask> of(FetchJob job) {
    return of(FetchEvent.OfTask.class, job);
  }

  /** Reports that named a task of this job. */
  List<FetchEvent.Progress> reported(FetchJob job) {
    return events.stream()
        .filter(FetchEvent.Report.class::isInstance)
        .flatMap(e -> ((FetchEvent.Report) e).tasks().stream())
        .filter(p -> p.task().uid().equals(job.uid()) && p.task().index() == job.index())
        .toList();
  }

  /** How many records of a registration reports have named. */
  long reportedTasks(UUID uid) {
    return events.stream()
        .filter(FetchEvent.Report.class::isInstance)
        .flatMap(e -> ((FetchEvent.Report) e).tasks().stream())
        .filter(p -> p.task().uid().equals(uid))
        .map(p -> p.task().index())
        .distinct()
        .count();
  }

  /** How many records of a registration were given back. */
  long yieldedTasks(UUID uid) {
    return events(FetchEvent.Yielded.class, e -> e.task().uid().equals(uid)).stream()
        .map(e -> e.task().index())
        .distinct()
        .count();
  }

  private void read() {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, SHARDS).mapToObj(n -> new TopicPartition(Topics.EVENTS, n)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        consumer.poll(Duration.ofMillis(50)).forEach(r -> heard(message(r)));
      }
    }
  }

  private static EventMessage message(ConsumerRecord<byte[], byte[]> record) {
    Header body = record.headers().lastHeader(EventMessage.BODY);
    return new EventMessage(record.value(), body == null ? null : body.value());
  }

  private static int length(EventMessage message) {
    return message.json().length + (message.body() == null ? 0 : message.body().length);
  }

  private void heard(EventMessage message) {
    longestEvent = Math.max(longestEvent, length(message));
    FetchEvent event = codec.event(message);
    events.add(event);
    if (event instanceof FetchEvent.Asked asked
        && granted.contains(new Granted(asked.task().uid(), asked.task().index()))) {
      order(new ControlMessage.Granted(asked.task(), System.currentTimeMillis()));
    }
  }

  private record Granted(UUID uid, int index) {}

  @Override
  public void close() {
    closed = true;
    try {
      reader.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(2));
  }
}
