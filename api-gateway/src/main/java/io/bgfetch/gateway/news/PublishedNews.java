package io.bgfetch.gateway.news;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** News as they stand on the progress topic. */
final class PublishedNews {

  private PublishedNews() {}

  /** Reads a record if it is wanted; one that is none of ours is passed over. */
  static Optional<News> read(
      ConsumerRecord<byte[], byte[]> record, BiPredicate<String, UUID> wanted) {
    try {
      String tenant = header(record, "tenant");
      String[] id = header(record, "ce_id").split(":", -1);
      UUID uid = UUID.fromString(id[0]);
      if (id.length != 3 || !wanted.test(tenant, uid)) {
        return Optional.empty();
      }
      String json = new String(record.value(), StandardCharsets.UTF_8);
      return Arrays.stream(News.Kind.values())
          .filter(kind -> kind.topicName().equals(id[2]))
          .findFirst()
          .map(kind -> new News(tenant, uid, kind, Long.parseLong(id[1]), json));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
