package io.bgfetch.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group that takes a batch for good before it hands it over: poll, commit,
 * then start, on one thread with no poll between. A batch whose commit failed, or whose fate is not
 * known, is forgotten and read again from where the broker says that the group stands.
 */
public final class TakingInbox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TakingInbox.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration COMMIT_WITHIN = Duration.ofSeconds(5);

  private final ConsumerThread thread;
  private final Receiver receiver;
  private final Set<TopicPartition> toSeekBack = new HashSet<>();
  private volatile boolean wanted = true;

  /** Receives on the inbox's own thread; must not block for long. */
  public interface Receiver {

    /** These partitions are this member's from now on; called with all of them after a change. */
    void assigned(Set<Integer> partitions);

    /** These partitions are another's now, or soon will be. */
    void lost(Set<Integer> partitions);

    /** These records are taken: nobody else will be given them. */
    void taken(List<ConsumerRecord<byte[], byte[]>> batch);
  }

  public TakingInbox(
      KafkaSettings kafka, String topic, String group, int maxBatch, Receiver receiver) {
    this.receiver = receiver;
    this.thread = new ConsumerThread(group, Consumers.ofGroup(kafka, group, maxBatch), this::round);
    thread.order(consumer -> consumer.subscribe(List.of(topic), new Assignment(consumer)));
  }

  public void start() {
    thread.start();
  }

  /** Whether more records are wanted; while not, the membership is kept and nothing is taken. */
  public void want(boolean more) {
    if (wanted != more) {
      wanted = more;
      thread.order(this::pauseOrResume);
    }
  }

  private void pauseOrResume(KafkaConsumer<byte[], byte[]> consumer) {
    if (wanted) {
      consumer.resume(consumer.paused());
    } else {
      consumer.pause(consumer.assignment());
    }
  }

  private void round(KafkaConsumer<byte[], byte[]> consumer) {
    seekBack(consumer);
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    var polled = consumer.poll(POLL);
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      batch.addAll(records);
      next.put(partition, new OffsetAndMetadata(records.getLast().offset() + 1));
    }
    if (!batch.isEmpty() && committed(consumer, next)) {
      receiver.taken(batch);
    }
  }

  private boolean committed(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> next) {
    while (true) {
      try {
        consumer.commitSync(next, COMMIT_WITHIN);
        return true;
      } catch (WakeupException ordered) {
        // An order wants attention: not a failure. The same offsets once more; committing is
        // idempotent.
        continue;
      } catch (KafkaException failedOrUnknown) {
        LOG.atInfo()
            .addKeyValue("partitions", next.keySet())
            .setCause(failedOrUnknown)
            .log("a batch was not taken: its commit failed");
        toSeekBack.addAll(next.keySet());
        return false;
      }
    }
  }

  private void seekBack(KafkaConsumer<byte[], byte[]> consumer) {
    toSeekBack.retainAll(consumer.assignment());
    if (toSeekBack.isEmpty()) {
      return;
    }
    var committed = consumer.committed(toSeekBack);
    var unset = new ArrayList<TopicPartition>();
    for (TopicPartition partition : toSeekBack) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        unset.add(partition);
      } else {
        consumer.seek(partition, offset.offset());
      }
    }
    Consumers.seekToBeginning(consumer, unset);
    toSeekBack.clear();
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
      pauseOrResume(consumer);
      receiver.assigned(numbers(consumer.assignment()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      receiver.lost(numbers(revoked));
    }
  }

  static Set<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }
}
