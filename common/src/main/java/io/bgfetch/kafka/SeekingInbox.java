package io.bgfetch.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A member of a consumer group whose offsets are kept elsewhere. A partition that was assigned
 * gives nothing until its owner said where to begin ({@link #begin}). It is read ahead of its
 * owner, up to a bound: a partition that is paused is left out of the next request to Kafka, and
 * what comes to it meanwhile waits for that request's answer.
 */
public final class SeekingInbox implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final ConsumerThread thread;
  private final Receiver receiver;
  private final Map<Integer, Integer> generations = new HashMap<>();
  private final Map<Integer, Untaken> untaken = new HashMap<>();
  private final long mostBytes;

  /** Receives on the inbox's own thread; must not block for long. */
  public interface Receiver {

    /** This partition is this member's from now on. */
    void assigned(int partition);

    /** This partition is another's now, or soon will be. */
    void lost(int partition);

    /**
     * The next records of a partition.
     *
     * @param generation what was given to the {@link #begin} from which on they were read
     * @param taken to be called, on any thread, once the owner has taken the batch up
     */
    void received(
        int partition, int generation, List<ConsumerRecord<byte[], byte[]>> batch, Runnable taken);
  }

  /**
   * An inbox that is not a member yet.
   *
   * @param maxBatch records in a batch
   * @param mostBytes of a partition that its owner has not taken yet; a batch more may be there
   */
  public SeekingInbox(
      KafkaSettings kafka,
      String topic,
      String group,
      int maxBatch,
      long mostBytes,
      Receiver receiver) {
    this.topic = topic;
    this.mostBytes = mostBytes;
    this.receiver = receiver;
    this.thread = new ConsumerThread(group, Consumers.ofGroup(kafka, group, maxBatch), this::round);
    thread.order(consumer -> consumer.subscribe(List.of(topic), new Assignment(consumer)));
  }

  public void start() {
    thread.start();
  }

  /**
   * Reads a partition from {@code offset} on; below the log's start means its start.
   *
   * @param generation handed over with every batch that is read because of this call, so that older
   *     ones, which may still be on their way, can be told from them
   */
  public void begin(int partition, long offset, int generation) {
    TopicPartition which = new TopicPartition(topic, partition);
    thread.order(
        consumer -> {
          if (consumer.assignment().contains(which)) {
            consumer.seek(which, offset);
            generations.put(partition, generation);
            open(consumer, which);
          }
        });
  }

  private void open(KafkaConsumer<byte[], byte[]> consumer, TopicPartition which) {
    if (consumer.assignment().contains(which)) {
      consumer.resume(List.of(which));
    }
  }

  private void round(KafkaConsumer<byte[], byte[]> consumer) {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    for (TopicPartition which : polled.partitions()) {
      Untaken ahead = untaken.computeIfAbsent(which.partition(), made -> new Untaken(which));
      List<ConsumerRecord<byte[], byte[]>> batch = polled.records(which);
      long bytes = batch.stream().mapToLong(SeekingInbox::bytes).sum();
      if (ahead.add(bytes)) {
        consumer.pause(List.of(which));
      }
      int generation = generations.getOrDefault(which.partition(), 0);
      receiver.received(which.partition(), generation, batch, () -> ahead.take(bytes));
    }
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> record) {
    long bytes = Math.max(0, record.serializedValueSize());
    for (Header header : record.headers()) {
      bytes += header.value() == null ? 0 : header.value().length;
    }
    return bytes;
  }

  /** What was handed over of a partition since it was assigned, and is not taken up yet. */
  private final class Untaken {

    private final TopicPartition which;
    private long bytes;
    private boolean paused;

    Untaken(TopicPartition which) {
      this.which = which;
    }

    /** Whether it has become too much. */
    synchronized boolean add(long more) {
      bytes += more;
      paused = bytes > mostBytes;
      return paused;
    }

    synchronized void take(long less) {
      bytes -= less;
      if (paused && bytes <= mostBytes / 2) {
        paused = false;
        thread.order(this::goOn);
      }
    }

    /** The partition may have been another's meanwhile, and waits for its new owner's word. */
    private void goOn(KafkaConsumer<byte[], byte[]> consumer) {
      if (untaken.get(which.partition()) == this) {
        open(consumer, which);
      }
    }
  }

  @Override
  public void close() {
    thread.close();
  }

  private final class Assignment implements ConsumerRebalanceListener {

    private final KafkaConsumer<byte[], byte[]> consumer;

    Assignment(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
      consumer.pause(added);
      // The group has no offsets: without a position the next poll would ask for one and fail.
      Consumers.seekToBeginning(consumer, added);
      TakingInbox.numbers(added).forEach(receiver::assigned);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      TakingInbox.numbers(revoked).forEach(generations::remove);
      TakingInbox.numbers(revoked).forEach(untaken::remove);
      TakingInbox.numbers(revoked).forEach(receiver::lost);
    }
  }
}
