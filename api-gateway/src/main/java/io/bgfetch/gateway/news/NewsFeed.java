package io.bgfetch.gateway.news;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.Audience.Followed;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the audience's news come from: the progress topic; and Postgres every two seconds while the
 * topic cannot be read.
 */
public final class NewsFeed implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(NewsFeed.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration FRESH_FOR = Duration.ofSeconds(5);

  /** While Kafka is away so many registrations are looked at in one round. */
  private static final int AT_ONCE = 1_000;

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final Registrations registrations;
  private final Audience audience;
  private final InstantSource clock;
  private volatile @Nullable TailingInbox inbox;
  private long timer = -1;

  public NewsFeed(
      Vertx vertx,
      KafkaSettings kafka,
      Registrations registrations,
      Audience audience,
      InstantSource clock) {
    this.vertx = vertx;
    this.kafka = kafka;
    this.registrations = registrations;
    this.audience = audience;
    this.clock = clock;
  }

  @Override
  public Future<Void> start() {
    audience.useContext(vertx.getOrCreateContext());
    TailingInbox tail =
        new TailingInbox(kafka, Topics.PROGRESS, Duration.ZERO, clock, this::received);
    inbox = tail;
    tail.start();
    arm();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    TailingInbox tail = inbox;
    inbox = null;
    return tail == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              tail.close();
              return null;
            },
            false);
  }

  /** Whether all news up to a moment ago were heard from Kafka. From any thread. */
  public boolean fresh() {
    return heardAllUntil() > clock.millis() - FRESH_FOR.toMillis();
  }

  /**
   * Everything that had been published at this moment was told; milliseconds since the epoch, 0
   * before the first time. From any thread.
   */
  public long heardAllUntil() {
    TailingInbox tail = inbox;
    return tail == null ? 0 : Math.max(0, tail.readToEndAt());
  }

  /** On the inbox's thread. */
  private void received(List<ConsumerRecord<byte[], byte[]>> batch) {
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      PublishedNews.read(record, audience::wants).ifPresent(audience::tell);
    }
  }

  private void arm() {
    timer =
        vertx.setTimer(
            LOOK_EVERY.toMillis(),
            fired -> {
              Future<Void> looked = fresh() ? Future.succeededFuture() : look();
              looked.onComplete(
                  done -> {
                    if (inbox != null) {
                      arm();
                    }
                  });
            });
  }

  private Future<Void> look() {
    List<Future<List<StoredRegistration>>> looks = new ArrayList<>();
    followed().forEach((tenant, uids) -> looks.add(registrations.findAll(tenant, uids)));
    for (String tenant : audience.tenants()) {
      looks.add(registrations.listLatest(tenant, AT_ONCE));
    }
    looks.forEach(
        look ->
            look.onSuccess(found -> found.forEach(one -> audience.tell(News.of(one))))
                .onFailure(
                    cause -> LOG.atDebug().setCause(cause).log("the state could not be read")));
    return Future.join(looks).transform(looked -> Future.succeededFuture());
  }

  private Map<String, List<UUID>> followed() {
    return audience.followed().stream()
        .limit(AT_ONCE)
        .collect(groupingBy(Followed::tenant, mapping(Followed::uid, toList())));
  }
}
