package io.bgfetch.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka producer and the thread that feeds it. {@code KafkaProducer.send} may block, for
 * metadata or for buffer memory; callers on event loops never do: their records wait in a queue of
 * at most 20,000 records and an eighth of the heap, and {@link #send} fails at once when it is
 * full. A record that comes alone goes out at once; where many come, they gather for 20
 * milliseconds, since each request to Kafka costs as much as hundreds of records. Thread-safe.
 */
public final class Outbox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int QUEUED = 20_000;
  private static final long LEAST_BYTES = 8 << 20;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final Duration INTERRUPTED_WITHIN = Duration.ofSeconds(1);
  private static final Duration GATHER = Duration.ofMillis(20);

  /** So many at once are a sign of more. */
  private static final int MANY = 8;

  /** More than that go out without a pause. */
  private static final int MOST_OF_BURST = 1_000;

  private final Vertx vertx;
  private final BlockingQueue<Sending> queue = new ArrayBlockingQueue<>(QUEUED);
  private final long mostBytes = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 8);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Map<Context, Queue<Runnable>> ends = new ConcurrentHashMap<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Opens the producer; Kafka need not be there yet.
   *
   * @param name of the thread and the client
   * @param deliverWithin after which a record that Kafka did not take fails
   */
  public Outbox(Vertx vertx, KafkaSettings kafka, String name, Duration deliverWithin) {
    this.vertx = vertx;
    this.producer =
        new KafkaProducer<>(
            kafka.with(properties(name, deliverWithin)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::feed);
  }

  private static Map<String, Object> properties(String name, Duration deliverWithin) {
    int deliver = Math.toIntExact(deliverWithin.toMillis());
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG,
        name,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        ProducerConfig.BATCH_SIZE_CONFIG,
        128 * 1024,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        1024 * 1024,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        deliver,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        deliver,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.max(500, Math.min(deliver / 2, 10_000)),
        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
        500);
  }

  /**
   * Sends one record. The future ends on the caller's context: with the record's offset once all
   * in-sync replicas have it, or with the reason why it may not have arrived.
   */
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    Promise<RecordMetadata> promise = Promise.promise();
    Sending sending = new Sending(record, promise, vertx.getOrCreateContext());
    if (closed || !queued(sending)) {
      return Future.failedFuture(
          new KafkaException(closed ? "the producer is closed" : "too much waits to be sent"));
    }
    return promise.future();
  }

  /** One record always fits, however long it is. */
  private boolean queued(Sending sending) {
    long before = queuedBytes.getAndAdd(sending.bytes());
    boolean fits = (before == 0 || before + sending.bytes() <= mostBytes) && queue.offer(sending);
    if (!fits) {
      queuedBytes.addAndGet(-sending.bytes());
    }
    return fits;
  }

  private void feed() {
    List<Sending> burst = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        Sending next = queue.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          burst.add(next);
          queue.drainTo(burst, MOST_OF_BURST);
          burst.forEach(this::produce);
          if (burst.size() >= MANY && burst.size() <= MOST_OF_BURST && !closed) {
            Thread.sleep(GATHER);
          }
          burst.clear();
        }
      } catch (InterruptedException e) {
        burst.clear();
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void produce(Sending sending) {
    queuedBytes.addAndGet(-sending.bytes());
    try {
      producer.send(sending.record, (metadata, failure) -> ended(sending, metadata, failure));
    } catch (RuntimeException notTaken) {
      ended(sending, null, notTaken);
    }
  }

  /** Kafka acknowledges many at a time: a context is called once for all of its own. */
  private void ended(
      Sending sending, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
    ends.compute(
        sending.context,
        (context, waiting) -> {
          Queue<Runnable> all = waiting;
          if (all == null) {
            all = new ArrayDeque<>();
            context.runOnContext(now -> runEnds(context));
          }
          all.add(() -> sending.end(metadata, failure));
          return all;
        });
  }

  private void runEnds(Context context) {
    Queue<Runnable> all = ends.remove(context);
    if (all != null) {
      all.forEach(Outbox::runEnd);
    }
  }

  /** What goes wrong with one is not the next one's loss. */
  private static void runEnd(Runnable end) {
    try {
      end.run();
    } catch (RuntimeException unexpected) {
      LOG.atError().setCause(unexpected).log("a sender could not hear what became of its record");
    }
  }

  /** Sends what waits, for at most five seconds, and closes. Blocks. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(CLOSE_WITHIN);
      thread.interrupt();
      thread.join(INTERRUPTED_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_WITHIN);
    for (Sending left = queue.poll(); left != null; left = queue.poll()) {
      ended(left, null, new KafkaException("the producer is closed"));
    }
    LOG.debug("producer closed");
  }

  private record Sending(
      ProducerRecord<byte[], byte[]> record, Promise<RecordMetadata> promise, Context context) {

    int bytes() {
      int bytes = record.value() == null ? 0 : record.value().length;
      for (Header header : record.headers()) {
        bytes += header.value() == null ? 0 : header.value().length;
      }
      return bytes;
    }

    void end(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      if (failure == null) {
        promise.tryComplete(metadata);
      } else {
        promise.tryFail(failure);
      }
    }
  }
}
