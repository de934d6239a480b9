package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What must stand on the public topic when everything has ended. */
final class ProgressAudit implements AutoCloseable {
  private static final String TOPIC = "bgfetch.progress";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Set<String>> ends = new HashMap<>();
  private final Map<String, Long> lastProgress = new HashMap<>();

  private ProgressAudit(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  static ProgressAudit of(String kafka) {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> all =
        consumer.partitionsFor(TOPIC).stream()
            .map(partition -> new TopicPartition(TOPIC, partition.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return new ProgressAudit(consumer);
  }

  /** One end event each, told apart by its id, and no progress that is later. */
  void check(Map<String, DatabaseAudit.Ended> registrations) {
    await("an end event of each registration")
        .atMost(PATIENCE)
        .until(() -> read().containsAll(registrations.keySet()));
    assertThat(registrations.values()).allSatisfy(this::hasOneEnd);
  }

  private void hasOneEnd(DatabaseAudit.Ended registration) {
    String uid = registration.uid();
    assertThat(ends.get(uid))
        .singleElement()
        .asString()
        .startsWith(uid + ":" + registration.endVersion() + ":");
    assertThat(lastProgress.getOrDefault(uid, 0L)).isLessThan(registration.endVersion());
  }

  /** Reads on to the present end and returns the uids of which an end event was seen. */
  private Set<String> read() {
    Map<TopicPartition, Long> last = consumer.endOffsets(consumer.assignment());
    while (last.entrySet().stream()
        .anyMatch(to -> consumer.position(to.getKey()) < to.getValue())) {
      consumer.poll(POLL).forEach(this::see);
    }
    return ends.keySet();
  }

  private void see(ConsumerRecord<byte[], byte[]> event) {
    String id = new String(event.headers().lastHeader("ce_id").value(), UTF_8);
    String[] parts = id.split(":");
    switch (parts[2]) {
      case "progress" -> lastProgress.merge(parts[0], Long.valueOf(parts[1]), Math::max);
      case "success", "fail", "abort" ->
          ends.computeIfAbsent(parts[0], uid -> new HashSet<>()).add(id);
      default -> throw new AssertionError("an unexpected event: " + id);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
