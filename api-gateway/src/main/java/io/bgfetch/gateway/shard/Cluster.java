package io.bgfetch.gateway.shard;

import io.bgfetch.gateway.database.BackendMissingException;
import io.bgfetch.kafka.KafkaAdmin;
import io.bgfetch.kafka.TopicCreation;
import io.bgfetch.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;

/**
 * What the gateways of a cluster must agree on before any of them works.
 *
 * @param shards fixed in Postgres at the first start
 * @param jobPartitions that the jobs topic has
 */
public record Cluster(int shards, int jobPartitions) {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(30);
  private static final Duration ATTEMPT_WITHIN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final String FIX_SHARDS =
      """
      INSERT INTO cluster (shards) VALUES ($1) ON CONFLICT DO NOTHING
      """;

  private static final String READ_SHARDS =
      """
      SELECT shards FROM cluster
      """;

  /**
   * Fixes the number of shards and ensures the topics.
   *
   * @return fails where Postgres or Kafka cannot be reached, or an existing topic does not fit
   */
  public static Future<Cluster> prepare(Pool pool, KafkaAdmin kafka, ShardSettings settings) {
    return pool.preparedQuery(FIX_SHARDS)
        .execute(Tuple.of(settings.shards()))
        .compose(fixed -> pool.query(READ_SHARDS).execute())
        .map(rows -> rows.iterator().next().getInteger("shards"))
        .compose(shards -> withTopics(shards, kafka, settings));
  }

  private static Future<Cluster> withTopics(int shards, KafkaAdmin kafka, ShardSettings settings) {
    TopicCreation topics =
        new TopicCreation(shards, settings.jobPartitions(), (short) settings.replication());
    long deadline = System.nanoTime() + KAFKA_WITHIN.toNanos();
    return topics(topics, kafka, deadline).map(jobs -> new Cluster(shards, jobs));
  }

  /** Tries until the deadline: Kafka may come up later, and new topics are not known at once. */
  private static Future<Integer> topics(TopicCreation topics, KafkaAdmin kafka, long deadline) {
    return kafka
        .ensure(topics, ATTEMPT_WITHIN)
        .compose(ensured -> kafka.describe(Topics.JOBS))
        .map(jobs -> jobs.partitions().size())
        .recover(
            cause -> {
              if (!isOfKafka(cause)) {
                return Future.failedFuture(cause);
              }
              return System.nanoTime() < deadline
                  ? kafka.pause(PAUSE).compose(paused -> topics(topics, kafka, deadline))
                  : Future.failedFuture(noKafka(cause));
            });
  }

  private static boolean isOfKafka(Throwable cause) {
    return cause instanceof KafkaException || cause.getCause() instanceof KafkaException;
  }

  private static BackendMissingException noKafka(Throwable cause) {
    return new BackendMissingException(
        "no Kafka within " + KAFKA_WITHIN.toSeconds() + " s: " + cause.getMessage());
  }
}
