package io.bgfetch.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Questions about topics and groups. Thread-safe; futures end on the caller's context. */
public final class KafkaAdmin implements AutoCloseable {

  private final Vertx vertx;
  private final Admin admin;

  /**
   * Opens the client; Kafka need not be there yet.
   *
   * @param within after which a question without an answer fails
   */
  public KafkaAdmin(Vertx vertx, KafkaSettings kafka, Duration within) {
    int millis = Math.toIntExact(within.toMillis());
    this.vertx = vertx;
    this.admin =
        Admin.create(
            kafka.with(
                Map.of(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
                    AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500)));
  }

  /** Creates the topics that are missing; fails as {@link TopicCreation#ensure} does. */
  public Future<Void> ensure(TopicCreation topics, Duration deadline) {
    return vertx.executeBlocking(
        () -> {
          topics.ensure(admin, deadline);
          return null;
        });
  }

  /** Succeeds after a while, for whoever asks again. */
  public Future<Void> pause(Duration length) {
    return vertx.timer(length.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Succeeds when the cluster answers. */
  public Future<Void> ping() {
    return toFuture(admin.describeCluster().clusterId()).mapEmpty();
  }

  /** A topic as it is now. */
  public Future<TopicDescription> describe(String topic) {
    return toFuture(admin.describeTopics(List.of(topic)).allTopicNames())
        .map(topics -> Objects.requireNonNull(topics.get(topic)));
  }

  /** The offsets after the last records of the first {@code partitions} partitions of a topic. */
  public Future<Map<Integer, Long>> ends(String topic, int partitions) {
    return offsets(first(topic, partitions), OffsetSpec.latest());
  }

  /** The offsets of the first records that are still kept. */
  public Future<Map<Integer, Long>> starts(String topic, int partitions) {
    return offsets(first(topic, partitions), OffsetSpec.earliest());
  }

  private static List<TopicPartition> first(String topic, int partitions) {
    return IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  /** The offset after the last record of one partition. */
  public Future<Long> end(String topic, int partition) {
    return offsets(List.of(new TopicPartition(topic, partition)), OffsetSpec.latest())
        .map(ends -> ends.getOrDefault(partition, 0L));
  }

  /** What a group has committed of a topic, by partition; without an entry it has nothing. */
  public Future<Map<Integer, Long>> committed(String group, String topic) {
    return toFuture(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .map(
            offsets ->
                offsets.entrySet().stream()
                    .filter(e -> e.getKey().topic().equals(topic) && e.getValue() != null)
                    .collect(
                        Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset())));
  }

  private Future<Map<Integer, Long>> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(p -> p, p -> which));
    return toFuture(admin.listOffsets(asked).all())
        .map(
            offsets ->
                offsets.entrySet().stream()
                    .collect(Collectors.toMap(e -> e.getKey().partition(), KafkaAdmin::offset)));
  }

  private static long offset(Map.Entry<TopicPartition, ListOffsetsResultInfo> end) {
    return end.getValue().offset();
  }

  private <T> Future<T> toFuture(KafkaFuture<T> future) {
    Promise<T> promise = Promise.promise();
    Context context = vertx.getOrCreateContext();
    future.whenComplete(
        (value, failure) ->
            context.runOnContext(
                now -> {
                  if (failure == null) {
                    promise.complete(value);
                  } else {
                    promise.fail(failure);
                  }
                }));
    return promise.future();
  }

  /** Waits at most a second for what is under way. */
  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
