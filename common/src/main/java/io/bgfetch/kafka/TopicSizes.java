package io.bgfetch.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How many partitions the topics have, as Kafka says.
 *
 * @param jobs partitions of the jobs topic
 * @param events partitions of the events topic: the number of shards
 */
public record TopicSizes(int jobs, int events) {

  private static final Duration AGAIN_AFTER = Duration.ofMillis(500);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
  private static final List<String> NEEDED = List.of(Topics.JOBS, Topics.EVENTS, Topics.CONTROL);

  /**
   * Waits until a gateway has created the topics. Blocks; belongs on a thread that may.
   *
   * @throws KafkaException if Kafka cannot be reached, or the topics are not there, by the deadline
   */
  public static TopicSizes await(KafkaSettings kafka, Duration deadline) {
    long giveUpAt = System.nanoTime() + deadline.toNanos();
    Admin admin = Admin.create(kafka.with(Map.of("client.id", "bgfetch-topics")));
    try {
      return await(admin, giveUpAt);
    } finally {
      admin.close(CLOSE_WITHIN);
    }
  }

  private static TopicSizes await(Admin admin, long giveUpAt) {
    while (true) {
      try {
        return read(admin, Duration.ofNanos(giveUpAt - System.nanoTime()));
      } catch (UnknownTopicOrPartitionException notYet) {
        if (giveUpAt - System.nanoTime() < AGAIN_AFTER.toNanos()) {
          throw new KafkaException("the topics are not there: no gateway has created them", notYet);
        }
        pause();
      }
    }
  }

  private static TopicSizes read(Admin admin, Duration within) {
    try {
      Map<String, TopicDescription> topics =
          admin
              .describeTopics(NEEDED)
              .allTopicNames()
              .get(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
      return new TopicSizes(partitions(topics, Topics.JOBS), partitions(topics, Topics.EVENTS));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException("no answer from Kafka", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private static int partitions(Map<String, TopicDescription> topics, String name) {
    TopicDescription topic = topics.get(name);
    if (topic == null) {
      throw new UnknownTopicOrPartitionException(name);
    }
    return topic.partitions().size();
  }

  private static void pause() {
    try {
      Thread.sleep(AGAIN_AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }
}
