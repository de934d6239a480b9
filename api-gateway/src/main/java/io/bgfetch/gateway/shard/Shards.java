package io.bgfetch.gateway.shard;

import io.bgfetch.gateway.database.GroupCommit;
import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.news.ProgressTopic;
import io.bgfetch.gateway.stats.Bookkeeping;
import io.bgfetch.kafka.KafkaAdmin;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.SeekingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.EventMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards that this gateway owns: one runner for each partition of the events topic that Kafka
 * assigned to it. A runner that failed is followed by another one after a pause, for as long as the
 * partition is ours.
 */
public final class Shards implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(Shards.class);
  private static final Duration SEND_WITHIN = Duration.ofSeconds(20);
  private static final Duration ASK_WITHIN = Duration.ofSeconds(5);
  private static final int MAX_BATCH = 1_000;

  /** Of all shards together, an eighth of the heap is read ahead. */
  private static final int READ_AHEAD = 8;

  private final Vertx vertx;
  private final Pool pool;
  private final KafkaSettings kafkaSettings;
  private final ShardSettings settings;
  private final Bookkeeping books;
  private final GroupCommit<News, Void> publishedEnds;
  private final StepTurns turns;
  private final MessageCodec codec = new MessageCodec();
  private final Map<Integer, OwnedShard> owned = new HashMap<>();
  private int count;
  private int generations;
  private @Nullable Context context;
  private @Nullable Running running;

  /** What is open while the part runs. */
  private record Running(
      Cluster cluster,
      SeekingInbox inbox,
      Outbox outbox,
      KafkaAdmin admin,
      ShardKafka kafka,
      ProgressTopic progress) {}

  /**
   * Shards of a gateway that has none yet.
   *
   * @param books where it counts what comes
   */
  public Shards(
      Vertx vertx,
      Pool pool,
      KafkaSettings kafkaSettings,
      ShardSettings settings,
      Bookkeeping books) {
    this.vertx = vertx;
    this.pool = pool;
    this.kafkaSettings = kafkaSettings;
    this.settings = settings;
    this.books = books;
    this.publishedEnds = PgPublishing.publishedEnds(pool);
    this.turns = new StepTurns(vertx);
  }

  /** How many shards the cluster has; known once this part has started. */
  public int count() {
    return count;
  }

  /**
   * Agrees with the cluster about shards and topics and joins the group; the shards are taken over
   * as Kafka assigns them.
   */
  @Override
  public Future<Void> start() {
    context = vertx.getOrCreateContext();
    KafkaAdmin admin = new KafkaAdmin(vertx, kafkaSettings, ASK_WITHIN);
    return Cluster.prepare(pool, admin, settings)
        .<Void>map(
            cluster -> {
              join(cluster, admin);
              return null;
            })
        .onFailure(cause -> admin.close());
  }

  private void join(Cluster cluster, KafkaAdmin admin) {
    Outbox outbox = new Outbox(vertx, kafkaSettings, "bgfetch-shards-out", SEND_WITHIN);
    SeekingInbox inbox =
        new SeekingInbox(
            kafkaSettings,
            Topics.EVENTS,
            Topics.SHARDS,
            MAX_BATCH,
            Runtime.getRuntime().maxMemory() / READ_AHEAD / cluster.shards(),
            new Receiver());
    count = cluster.shards();
    running =
        new Running(
            cluster,
            inbox,
            outbox,
            admin,
            new ShardKafka(outbox, admin, cluster.jobPartitions()),
            new ProgressTopic(outbox));
    inbox.start();
  }

  @Override
  public Future<Void> stop() {
    Running was = running;
    if (was == null) {
      return Future.succeededFuture();
    }
    running = null;
    List<Future<?>> ends = new ArrayList<>();
    List.copyOf(owned.keySet()).forEach(partition -> ends.add(release(partition)));
    return Future.join(ends)
        .transform(
            ended ->
                vertx.executeBlocking(
                    () -> {
                      was.inbox().close();
                      was.outbox().close();
                      was.admin().close();
                      return null;
                    }));
  }

  // Events of the inbox arrive on its thread and are carried over to the context.
  private final class Receiver implements SeekingInbox.Receiver {

    @Override
    public void assigned(int partition) {
      onContext(() -> own(partition));
    }

    @Override
    public void lost(int partition) {
      onContext(() -> logged(partition, release(partition)));
    }

    @Override
    public void received(
        int partition, int generation, List<ConsumerRecord<byte[], byte[]>> batch, Runnable taken) {
      ShardRunner.Batch decoded = decode(batch);
      onContext(
          () -> {
            OwnedShard mine = owned.get(partition);
            if (mine == null) {
              taken.run();
            } else {
              mine.receive(generation, decoded, taken);
            }
          });
    }

    private void onContext(Runnable action) {
      Context on = context;
      if (on != null) {
        on.runOnContext(now -> action.run());
      }
    }
  }

  private ShardRunner.Batch decode(List<ConsumerRecord<byte[], byte[]>> records) {
    List<FetchEvent> events = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        events.add(codec.event(message(record)));
      } catch (RuntimeException unreadable) {
        LOG.atWarn()
            .addKeyValue("shard", record.partition())
            .addKeyValue("offset", record.offset())
            .log("an event that cannot be read was passed over");
      }
    }
    return new ShardRunner.Batch(events, records.getLast().offset() + 1);
  }

  private static EventMessage message(ConsumerRecord<byte[], byte[]> record) {
    Header body = record.headers().lastHeader(EventMessage.BODY);
    return new EventMessage(record.value(), body == null ? null : body.value());
  }

  private void own(int partition) {
    Running now = running;
    if (now != null && !owned.containsKey(partition)) {
      OwnedShard mine =
          new OwnedShard(
              vertx,
              partition,
              now.inbox(),
              () -> ++generations,
              feed -> runner(partition, now, feed));
      owned.put(partition, mine);
      mine.run();
    }
  }

  private static void logged(int partition, Future<Void> released) {
    released.onSuccess(done -> LOG.atInfo().addKeyValue("shard", partition).log("shard given up"));
  }

  private ShardRunner runner(int partition, Running with, ShardRunner.Feed feed) {
    String owner = UUID.randomUUID().toString();
    ShardRules rules =
        ShardRules.of(
            with.cluster().shards(),
            new LaneLayout(with.cluster().jobPartitions()),
            settings.hostLimits(),
            settings.retryBase(),
            settings.retryCap(),
            settings.quotaBytes());
    return new ShardRunner(
        vertx,
        pool,
        partition,
        owner,
        with.kafka(),
        new Shard(owner, rules, new Random()),
        new ShardRunner.Wiring(feed, turns, with.progress(), publishedEnds, books));
  }

  private Future<Void> release(int partition) {
    OwnedShard mine = owned.remove(partition);
    return mine == null ? Future.succeededFuture() : mine.stop();
  }
}
