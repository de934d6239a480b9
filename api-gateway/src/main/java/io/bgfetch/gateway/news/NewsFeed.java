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
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Duration FRESH_FOR = Duration.ofSeconds(5);

  /** Covers what was published between the last look into Postgres and the first into the topic. */
  private static final Duration BACK = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(5);

  /** So many registrations are looked at with one query while Kafka is away. */
  private static final int PAGE = 1_000;

  private final Vertx vertx;
  private final KafkaSettings kafka;
  private final Registrations registrations;
  private final Audience audience;
  private final HeardEnds ends;
  private final InstantSource clock;
  private volatile @Nullable TailingInbox inbox;
  private long timer = -1;
  private long heardUntil;

  public NewsFeed(
      Vertx vertx, KafkaSettings kafka, Pool pool, Audience audience, InstantSource clock) {
    this.vertx = vertx;
    this.kafka = kafka;
    this.registrations = new Registrations(pool);
    this.ends = new HeardEnds(pool, clock);
    this.audience = audience;
    this.clock = clock;
  }

  @Override
  public Future<Void> start() {
    audience.useContext(vertx.getOrCreateContext());
    TailingInbox tail = new TailingInbox(kafka, Topics.PROGRESS, BACK, clock, this::received);
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
    return readToEndAt() > clock.millis() - FRESH_FOR.toMillis();
  }

  /**
   * The followers have heard of all ends that came until then; milliseconds since the epoch, 0
   * before anything is known. An end may count as later than it was by as long as its transaction
   * took. On the audience's context.
   */
  public long heardEndsUntil() {
    long readUntil = readToEndAt(); // first: what is read later must not count
    if (audience.heardAll()) {
      heardUntil = Math.max(heardUntil, readUntil);
    }
    return ends.until(heardUntil);
  }

  private long readToEndAt() {
    TailingInbox tail = inbox;
    return tail == null ? 0 : Math.max(0, tail.readToEndAt());
  }

  /** On the inbox's thread, which waits while the followers cannot keep up. */
  private void received(List<ConsumerRecord<byte[], byte[]>> batch) {
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      while (audience.crowded() && inbox != null) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      PublishedNews.read(record, audience::wants).ifPresent(audience::tell);
    }
  }

  private void arm() {
    timer =
        vertx.setTimer(
            LOOK_EVERY.toMillis(),
            fired -> {
              Future<Void> looked = fresh() ? ends.ask() : look();
              looked.onComplete(
                  done -> {
                    if (inbox != null) {
                      arm();
                    }
                  });
            });
  }

  /** Page after page; what cannot be read now is looked at in the next round. */
  private Future<Void> look() {
    Future<Void> chain = Future.succeededFuture();
    for (Map.Entry<String, List<UUID>> one : followed().entrySet()) {
      List<UUID> uids = one.getValue();
      for (int from = 0; from < uids.size(); from += PAGE) {
        List<UUID> page = uids.subList(from, Math.min(from + PAGE, uids.size()));
        chain = chain.compose(before -> tell(registrations.findAll(one.getKey(), page)));
      }
    }
    for (String tenant : audience.tenants()) {
      chain = chain.compose(before -> tell(registrations.listLatest(tenant, PAGE)));
    }
    return chain;
  }

  private Future<Void> tell(Future<List<StoredRegistration>> looked) {
    return looked
        .timeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            found -> {
              if (found.succeeded()) {
                found.result().forEach(one -> audience.tell(News.of(one)));
              } else {
                LOG.atDebug().setCause(found.cause()).log("the state could not be read");
              }
              return Future.succeededFuture();
            });
  }

  private Map<String, List<UUID>> followed() {
    return audience.followed().stream()
        .collect(groupingBy(Followed::tenant, mapping(Followed::uid, toList())));
  }
}
