package io.bgfetch.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.testkit.StallingConsumer;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The inboxes, the outbox and the topics against a real broker. */
@WithBackends
@Execution(ExecutionMode.CONCURRENT) // each has a broker of its own
class InboxesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> open = new ArrayList<>();
  private KafkaSettings kafka;
  private Outbox outbox;
  private KafkaAdmin admin;

  @BeforeEach
  void startBroker(TestBackends backends) {
    kafka = KafkaSettings.ofServers(backends.freshKafka());
    admin = closed(new KafkaAdmin(vertx, kafka, Duration.ofSeconds(10)));
    ended(admin.ensure(new TopicCreation(4, 4, (short) 1), Duration.ofSeconds(30)));
    outbox = closed(new Outbox(vertx, kafka, "test", Duration.ofSeconds(30)));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    ended(vertx.close());
  }

  @Test
  void refusesATopicThatDoesNotFitTheNumberOfShards() {
    assertThatThrownBy(
            () -> ended(admin.ensure(new TopicCreation(5, 4, (short) 1), Duration.ofSeconds(30))))
        .rootCause()
        .hasMessage("topic bgfetch.events has 4 partitions, but this cluster has 5 shards");
  }

  @Test
  void takesABatchOnlyOnceItsCommitIsKnown() {
    List<String> taken = new CopyOnWriteArrayList<>();
    List<Long> committedThen = new CopyOnWriteArrayList<>();
    try (Admin raw =
        Admin.create(
            Map.of("bootstrap.servers", kafka.clientProperties().get("bootstrap.servers")))) {
      TakingInbox inbox =
          closed(
              new TakingInbox(
                  kafka,
                  Topics.JOBS,
                  Topics.WORKERS,
                  10,
                  new TakingInbox.Receiver() {
                    @Override
                    public void assigned(Set<Integer> partitions) {}

                    @Override
                    public void lost(Set<Integer> partitions) {}

                    @Override
                    public void taken(List<ConsumerRecord<byte[], byte[]>> batch) {
                      committedThen.add(committed(raw) - batch.getLast().offset());
                      batch.forEach(record -> taken.add(text(record)));
                    }
                  }));
      inbox.start();

      for (int i = 0; i < 25; i++) {
        ended(send(Topics.JOBS, 0, "job " + i));
      }

      await().atMost(PATIENCE).until(() -> taken.size() == 25);
      assertThat(committedThen).allMatch(ahead -> ahead == 1);
    }
  }

  @Test
  void startsNothingOfABatchWhosePartitionsMovedBeforeItsCommit() {
    List<String> takenBySleeper = new CopyOnWriteArrayList<>();
    List<Set<Integer>> sleeperHas = new CopyOnWriteArrayList<>();
    taking(stalling("sleeper"), takenBySleeper, sleeperHas);
    await().atMost(PATIENCE).until(() -> owns(sleeperHas));
    StallingConsumer sleeper = StallingConsumer.named("sleeper");
    sleeper.stall();
    List<String> jobs = sendJobs("before");
    await("it sleeps with a batch").atMost(PATIENCE).until(sleeper::stalling);

    List<String> takenByOther = new CopyOnWriteArrayList<>();
    taking(kafka, takenByOther, new CopyOnWriteArrayList<>());
    await("its jobs are another's")
        .atMost(PATIENCE)
        .until(() -> takenByOther.size() == jobs.size());
    sleeperHas.clear();
    sleeper.wake();
    await("it is a member again").atMost(PATIENCE).until(() -> owns(sleeperHas));
    assertThat(takenBySleeper).isEmpty();

    jobs.addAll(sendJobs("after"));
    await()
        .atMost(PATIENCE)
        .until(() -> takenBySleeper.size() + takenByOther.size() >= jobs.size());
    assertThat(takenBySleeper).isNotEmpty();
    assertThat(Stream.concat(takenBySleeper.stream(), takenByOther.stream()))
        .containsExactlyInAnyOrderElementsOf(jobs);
  }

  /** While members come, commits fail; the partitions stay where they are meanwhile. */
  @Test
  void readsNothingAgainButTheBatchThatWasNotTaken() {
    List<String> taken = new CopyOnWriteArrayList<>();
    List<Set<Integer>> has = new CopyOnWriteArrayList<>();
    taking(kafka, taken, has);
    await().atMost(PATIENCE).until(() -> owns(has));
    List<String> jobs = sendJobs("first");
    await().atMost(PATIENCE).until(() -> taken.size() == jobs.size());
    List<Set<Integer>> sleeperHas = new CopyOnWriteArrayList<>();
    taking(stalling("doorstop", Duration.ofMinutes(5)), taken, sleeperHas);
    await().atMost(PATIENCE).until(() -> owns(has) && owns(sleeperHas));
    StallingConsumer doorstop = StallingConsumer.named("doorstop");
    doorstop.stall();
    sleeperHas.getLast().forEach(partition -> jobs.add(sendJob(partition, "stalls")));
    await("it sleeps with a batch").atMost(PATIENCE).until(doorstop::stalling);

    List<Set<Integer>> otherHas = new CopyOnWriteArrayList<>();
    taking(kafka, taken, otherHas); // until the sleeper answers, the group is not complete
    int kept = has.getLast().iterator().next();
    await("commits fail")
        .atMost(PATIENCE)
        .until(
            () -> {
              jobs.add(sendJob(kept, "meanwhile " + jobs.size()));
              return jobs.size() > taken.size() + 20;
            });
    doorstop.wake();
    await("the group is complete").atMost(PATIENCE).until(() -> owns(otherHas));
    jobs.addAll(sendJobs("last"));

    await().atMost(PATIENCE).until(() -> taken.size() >= jobs.size() && taken.containsAll(jobs));
    assertThat(taken).containsExactlyInAnyOrderElementsOf(jobs);
  }

  private KafkaSettings stalling(String name) {
    return stalling(name, Duration.ofSeconds(1));
  }

  private KafkaSettings stalling(String name, Duration deadAfter) {
    Map<String, String> properties = new HashMap<>(kafka.clientProperties());
    properties.putAll(StallingConsumer.properties(name, deadAfter));
    return new KafkaSettings(properties);
  }

  private static boolean owns(List<Set<Integer>> assigned) {
    return !assigned.isEmpty() && !assigned.getLast().isEmpty();
  }

  private void taking(KafkaSettings settings, List<String> taken, List<Set<Integer>> assigned) {
    closed(new TakingInbox(settings, Topics.JOBS, Topics.WORKERS, 10, collecting(taken, assigned)))
        .start();
  }

  /** Some to every partition. */
  private List<String> sendJobs(String name) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      jobs.add(sendJob(i % 4, name + " " + i));
    }
    return jobs;
  }

  private String sendJob(int partition, String name) {
    String job = name + " to " + partition;
    ended(send(Topics.JOBS, partition, job));
    return job;
  }

  @Test
  void takesNothingWhileNothingIsWanted() {
    List<String> taken = new CopyOnWriteArrayList<>();
    List<Set<Integer>> assigned = new CopyOnWriteArrayList<>();
    TakingInbox inbox =
        closed(
            new TakingInbox(kafka, Topics.JOBS, Topics.WORKERS, 10, collecting(taken, assigned)));
    inbox.want(false);
    inbox.start();
    await().atMost(PATIENCE).until(() -> !assigned.isEmpty());

    ended(send(Topics.JOBS, 1, "job"));
    await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(taken::isEmpty);
    inbox.want(true);

    await().atMost(PATIENCE).until(() -> taken.equals(List.of("job")));
  }

  @Test
  void beginsWhereItsOwnerSaysAndReadsNoFurtherAheadThanItMay() {
    for (int i = 0; i < 5; i++) {
      ended(send(Topics.EVENTS, 2, "event " + i));
    }
    Reader reader = new Reader();
    SeekingInbox inbox = seeking(1, 1, reader);
    await().atMost(PATIENCE).until(() -> reader.assigned.size() == 4);
    assertThat(reader.received).isEmpty();

    inbox.begin(2, 3, 7);
    await().atMost(PATIENCE).until(() -> reader.received.equals(List.of("7: event 3")));
    await()
        .during(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .until(() -> reader.received.size() == 1);
    reader.untaken.getFirst().run();

    await()
        .atMost(PATIENCE)
        .until(() -> reader.received.equals(List.of("7: event 3", "7: event 4")));
  }

  @Test
  void goesOnWhereItWasWhenAnotherComesAndGoes() {
    Reader reader = new Reader();
    SeekingInbox inbox = seeking(10, 1 << 20, reader);
    await().atMost(PATIENCE).until(() -> reader.assigned.size() == 4);
    for (int partition = 0; partition < 4; partition++) {
      inbox.begin(partition, 0, 1);
      ended(send(Topics.EVENTS, partition, "first of " + partition));
    }
    await().atMost(PATIENCE).until(() -> reader.received.size() == 4);

    SeekingInbox other = seeking(10, 1 << 20, new Reader());
    await("it gives up some").atMost(PATIENCE).until(() -> reader.lost.size() == 2);
    other.close();
    await("it has all again").atMost(PATIENCE).until(() -> reader.assigned.size() == 6);
    List<String> further = new ArrayList<>();
    for (int partition = 0; partition < 4; partition++) {
      if (!reader.lost.contains(partition)) {
        further.add("1: second of " + partition);
        ended(send(Topics.EVENTS, partition, "second of " + partition));
      }
    }

    await().atMost(PATIENCE).until(() -> reader.received.containsAll(further));
    assertThat(reader.received).doesNotHaveDuplicates();
  }

  private SeekingInbox seeking(int maxBatch, long mostBytes, Reader reader) {
    SeekingInbox inbox =
        closed(new SeekingInbox(kafka, Topics.EVENTS, Topics.SHARDS, maxBatch, mostBytes, reader));
    inbox.start();
    return inbox;
  }

  /** Keeps what it is told, and takes nothing up by itself. */
  private static final class Reader implements SeekingInbox.Receiver {

    private final List<Integer> assigned = new CopyOnWriteArrayList<>();
    private final List<Integer> lost = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Runnable> untaken = new CopyOnWriteArrayList<>();

    @Override
    public void assigned(int partition) {
      assigned.add(partition);
    }

    @Override
    public void lost(int partition) {
      lost.add(partition);
    }

    @Override
    public void received(
        int partition, int generation, List<ConsumerRecord<byte[], byte[]>> batch, Runnable taken) {
      batch.forEach(record -> received.add(generation + ": " + text(record)));
      untaken.add(taken);
    }
  }

  @Test
  void knowsThatItHasReadToTheEnd() {
    InstantSource clock = InstantSource.system();
    List<String> received = new CopyOnWriteArrayList<>();
    TailingInbox inbox =
        closed(
            new TailingInbox(
                kafka,
                Topics.CONTROL,
                Duration.ofSeconds(60),
                clock,
                batch -> batch.forEach(r -> received.add(text(r)))));
    ended(send(Topics.CONTROL, 0, "before"));
    inbox.start();
    ended(send(Topics.CONTROL, 0, "after"));
    long now = clock.millis();

    await().atMost(PATIENCE).until(() -> inbox.readToEndAt() >= now);

    assertThat(received).containsExactly("before", "after");
  }

  @Test
  void endsEveryRecordThatWasSentWhateverOneSenderDoesWithItsEnd() {
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      boolean fails = i == 3;
      var unused =
          send(Topics.CONTROL, 0, "order " + i)
              .onComplete(
                  sent -> {
                    ended.incrementAndGet();
                    if (fails) {
                      throw new IllegalStateException("of the test");
                    }
                  });
    }

    await().atMost(PATIENCE).until(() -> ended.get() == 20);
  }

  private TakingInbox.Receiver collecting(List<String> taken, List<Set<Integer>> assigned) {
    return new TakingInbox.Receiver() {
      @Override
      public void assigned(Set<Integer> partitions) {
        assigned.add(partitions);
      }

      @Override
      public void lost(Set<Integer> partitions) {}

      @Override
      public void taken(List<ConsumerRecord<byte[], byte[]>> batch) {
        batch.forEach(record -> taken.add(text(record)));
      }
    };
  }

  private long committed(Admin raw) {
    try {
      return raw
          .listConsumerGroupOffsets(Topics.WORKERS)
          .partitionsToOffsetAndMetadata()
          .get(10, TimeUnit.SECONDS)
          .values()
          .stream()
          .mapToLong(offset -> offset.offset())
          .max()
          .orElseThrow();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Future<?> send(String topic, int partition, String text) {
    return outbox.send(
        new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  private <T extends AutoCloseable> T closed(T part) {
    open.add(part);
    return part;
  }

  private static <T> T ended(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
