package io.bgfetch.backends;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic of one partition, as a client sees it. */
record Topic(String bootstrapServers, String name) {
  void create() throws Exception {
    try (Admin admin = Admin.create(servers())) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, SECONDS);
    }
  }

  void describe() throws Exception {
    try (Admin admin = Admin.create(servers())) {
      admin.describeTopics(List.of(name)).allTopicNames().get(30, SECONDS);
    }
  }

  void append(String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(servers(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(name, value)).get(30, SECONDS);
    }
  }

  /** The only record, by a consumer group, so that the group coordinator has to work too. */
  String readWithAGroup() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            UUID.randomUUID().toString(),
            "auto.offset.reset",
            "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(name));
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(30));
      assertThat(records).hasSize(1);
      return records.iterator().next().value();
    }
  }

  private Map<String, Object> servers() {
    return Map.of("bootstrap.servers", bootstrapServers);
  }
}
