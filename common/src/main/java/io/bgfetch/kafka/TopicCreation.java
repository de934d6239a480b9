package io.bgfetch.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates the topics that are missing and refuses those that do not fit. Blocks; belongs on a
 * thread that may.
 *
 * @param shards partitions of the events topic
 * @param jobPartitions partitions of the jobs topic, where it does not exist yet
 * @param replication replicas of each partition
 */
public record TopicCreation(int shards, int jobPartitions, short replication) {

  /**
   * Ensures that all topics exist.
   *
   * @throws KafkaException if Kafka cannot be reached within {@code deadline}
   * @throws IllegalStateException if an existing topic has another number of partitions than the
   *     shards that Postgres remembers; the message names both
   */
  public void ensure(Admin admin, Duration deadline) {
    Map<String, TopicDescription> existing = describe(admin, deadline);
    TopicDescription events = existing.get(Topics.EVENTS);
    if (events != null && events.partitions().size() != shards) {
      throw new IllegalStateException(
          "topic "
              + Topics.EVENTS
              + " has "
              + events.partitions().size()
              + " partitions, but this cluster has "
              + shards
              + " shards");
    }
    List<NewTopic> missing =
        wanted().stream().filter(t -> !existing.containsKey(t.name())).toList();
    for (NewTopic topic : missing) {
      create(admin, topic, deadline);
    }
  }

  private List<NewTopic> wanted() {
    List<NewTopic> topics = new ArrayList<>();
    topics.add(topic(Topics.JOBS, jobPartitions, Duration.ofDays(1)));
    topics.add(topic(Topics.EVENTS, shards, Duration.ofDays(7)));
    topics.add(topic(Topics.CONTROL, 1, Duration.ofHours(1)));
    topics.add(topic(Topics.PROGRESS, shards, Duration.ofDays(1)));
    return topics;
  }

  private NewTopic topic(String name, int partitions, Duration retention) {
    return new NewTopic(name, partitions, replication)
        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis())));
  }

  private static Map<String, TopicDescription> describe(Admin admin, Duration deadline) {
    var names = await(admin.listTopics().names(), deadline);
    var ours = names.stream().filter(n -> n.startsWith("bgfetch.")).collect(Collectors.toSet());
    return ours.isEmpty() ? Map.of() : await(admin.describeTopics(ours).allTopicNames(), deadline);
  }

  private static void create(Admin admin, NewTopic topic, Duration deadline) {
    try {
      await(admin.createTopics(List.of(topic)).all(), deadline);
    } catch (TopicExistsException another) {
      // another gateway was quicker
    }
  }

  private static <T> T await(KafkaFuture<T> future, Duration deadline) {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(
          "no answer from Kafka in " + deadline, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }
}
