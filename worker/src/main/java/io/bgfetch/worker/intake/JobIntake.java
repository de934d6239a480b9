package io.bgfetch.worker.intake;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TakingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.worker.task.Load;
import io.bgfetch.worker.task.TakenJob;
import io.bgfetch.worker.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs as long as the worker has room for them. Jobs are read and get their tokens on the
 * consumer's thread; from there they go to the tasks on the worker's context.
 */
public final class JobIntake implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(JobIntake.class);

  private final Vertx vertx;
  private final Context context;
  private final KafkaSettings kafka;
  private final MessageCodec codec;
  private final RandomGenerator random;
  private final Tasks tasks;
  private final int batch;
  private final WaitingRoom room;
  private final AtomicReference<Load> onTheWay = new AtomicReference<>(Load.NONE);
  private volatile Load held = Load.NONE;
  private volatile boolean joined;
  private volatile @Nullable TakingInbox inbox;

  /**
   * An intake that has not begun.
   *
   * @param context the worker's
   * @param random for the tokens of tasks; safe for use by many threads
   * @param concurrency fetches that the worker runs at once: so many jobs are taken at a time, and
   *     no more are while many times as many wait
   */
  public JobIntake(
      Vertx vertx,
      Context context,
      KafkaSettings kafka,
      MessageCodec codec,
      RandomGenerator random,
      Tasks tasks,
      int concurrency) {
    this.vertx = vertx;
    this.context = context;
    this.kafka = kafka;
    this.codec = codec;
    this.random = random;
    this.tasks = tasks;
    this.batch = concurrency;
    this.room = WaitingRoom.of(concurrency, Runtime.getRuntime().maxMemory());
  }

  @Override
  public Future<Void> start() {
    return vertx
        .executeBlocking(
            () -> new TakingInbox(kafka, Topics.JOBS, Topics.WORKERS, batch, new Receiver()))
        .onSuccess(
            made -> {
              inbox = made;
              made.start();
            })
        .mapEmpty();
  }

  /** Whether the worker is a member of the group that shares the jobs. */
  public boolean joined() {
    return joined;
  }

  /** Takes more, or no more, as there is room. To be called often, on the worker's context. */
  public void tick() {
    held = tasks.load();
    if (inbox != null) {
      inbox.want(
          tasks.accepting() && room.hasRoom(held.plus(Objects.requireNonNull(onTheWay.get()))));
    }
  }

  @Override
  public Future<Void> stop() {
    TakingInbox open = inbox;
    inbox = null;
    return open == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              open.close();
              return null;
            });
  }

  private static Load load(List<TakenJob> jobs) {
    long bytes = jobs.stream().mapToLong(TakenJob::bytes).sum();
    return new Load(jobs.size(), jobs.size(), bytes);
  }

  private Optional<TakenJob> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      FetchJob job = codec.job(record.value());
      String token = Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
      return Optional.of(
          new TakenJob(job, job.task(token), record.partition(), record.value().length));
    } catch (UncheckedIOException notOne) {
      LOG.atWarn()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .log("a message on the jobs topic is no job");
      return Optional.empty();
    }
  }

  /** On the consumer's thread. */
  private final class Receiver implements TakingInbox.Receiver {

    @Override
    public void assigned(Set<Integer> partitions) {
      joined = true;
      context.runOnContext(now -> tasks.own(partitions));
    }

    @Override
    public void lost(Set<Integer> partitions) {
      context.runOnContext(now -> tasks.lose(partitions));
    }

    @Override
    public void taken(List<ConsumerRecord<byte[], byte[]>> records) {
      List<TakenJob> jobs = new ArrayList<>(records.size());
      records.forEach(record -> read(record).ifPresent(jobs::add));
      Load came = load(jobs);
      Load coming = onTheWay.accumulateAndGet(came, Load::plus);
      TakingInbox open = inbox;
      if (open != null && !room.hasRoom(coming.plus(held))) {
        open.want(false);
      }
      context.runOnContext(
          now -> {
            onTheWay.accumulateAndGet(came, Load::minus);
            tasks.take(jobs);
            tick();
          });
    }
  }
}
