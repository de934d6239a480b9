package io.bgfetch.gateway.shard;

import io.bgfetch.gateway.news.ProgressTopic;
import io.bgfetch.kafka.KafkaAdmin;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.Outbox;
import io.bgfetch.kafka.SeekingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MAX_BATCH = 500;

  private final Vertx vertx;
  private final Pool pool;
  private final KafkaSettings kafkaSettings;
  private final ShardSettings settings;
  private final MessageCodec codec = new MessageCodec();
  private final Map<Integer, Owned> owned = new HashMap<>();
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

  public Shards(Vertx vertx, Pool pool, KafkaSettings kafkaSettings, ShardSettings settings) {
    this.vertx = vertx;
    this.pool = pool;
    this.kafkaSettings = kafkaSettings;
    this.settings = settings;
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
        new SeekingInbox(kafkaSettings, Topics.EVENTS, Topics.SHARDS, MAX_BATCH, new Receiver());
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
        int partition, int generation, List<ConsumerRecord<byte[], byte[]>> batch) {
      ShardRunner.Batch decoded = decode(batch);
      onContext(
          () -> {
            Owned mine = owned.get(partition);
            if (mine != null) {
              mine.receive(generation, decoded);
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
        events.add(codec.event(record.value()));
      } catch (UncheckedIOException unreadable) {
        LOG.atWarn()
            .addKeyValue("shard", record.partition())
            .addKeyValue("offset", record.offset())
            .log("an event that cannot be read was passed over");
      }
    }
    return new ShardRunner.Batch(events, records.getLast().offset() + 1);
  }

  private void own(int partition) {
    Running now = running;
    if (now != null && !owned.containsKey(partition)) {
      Owned mine = new Owned(partition, now);
      owned.put(partition, mine);
      mine.run();
    }
  }

  private static void logged(int partition, Future<Void> released) {
    released.onSuccess(done -> LOG.atInfo().addKeyValue("shard", partition).log("shard given up"));
  }

  private Future<Void> release(int partition) {
    Owned mine = owned.remove(partition);
    return mine == null ? Future.succeededFuture() : mine.stop();
  }

  /** A partition that is ours: its present runner, and the batch that waits for it. */
  private final class Owned implements ShardRunner.Feed {

    private final int partition;
    private final Running with;
    private boolean ours = true;
    private @Nullable ShardRunner runner;
    private Future<Void> run = Future.succeededFuture();
    private ShardRunner.@Nullable Batch waiting;
    private @Nullable Promise<ShardRunner.@Nullable Batch> wanted;
    private int generation;

    Owned(int partition, Running with) {
      this.partition = partition;
      this.with = with;
    }

    void run() {
      String owner = UUID.randomUUID().toString();
      ShardRules rules =
          ShardRules.of(
              new LaneLayout(with.cluster().jobPartitions()),
              settings.hostConcurrency(),
              settings.retryBase(),
              settings.retryCap());
      runner =
          new ShardRunner(
              vertx,
              pool,
              partition,
              owner,
              with.kafka(),
              new Shard(owner, rules, new Random()),
              new ShardRunner.Wiring(this, with.progress()));
      run = runner.run();
      run.onFailure(this::again);
    }

    private void again(Throwable cause) {
      LOG.atWarn()
          .addKeyValue("shard", partition)
          .addKeyValue("cause", cause.toString())
          .log("a shard lets go and begins anew");
      waiting = null;
      vertx.setTimer(
          PAUSE.toMillis(),
          passed -> {
            if (ours) {
              run();
            }
          });
    }

    Future<Void> stop() {
      ours = false;
      if (runner != null) {
        runner.stop();
      }
      answer(null);
      return run.otherwise((Void) null);
    }

    void receive(int ofGeneration, ShardRunner.Batch batch) {
      if (ofGeneration != generation) {
        return; // read before the present runner said where to begin
      }
      if (wanted == null) {
        waiting = batch;
      } else {
        answer(batch);
      }
    }

    @Override
    public void begin(long offset) {
      generation = ++generations;
      waiting = null;
      with.inbox().begin(partition, offset, generation);
    }

    @Override
    public Future<ShardRunner.@Nullable Batch> next(Duration wait) {
      ShardRunner.Batch ready = waiting;
      if (ready != null) {
        waiting = null;
        with.inbox().more(partition);
        return Future.succeededFuture(ready);
      }
      if (wait.isZero()) {
        return Future.succeededFuture();
      }
      Promise<ShardRunner.@Nullable Batch> promise = Promise.promise();
      wanted = promise;
      vertx.setTimer(
          wait.toMillis(),
          passed -> {
            if (wanted == promise) {
              answer(null);
            }
          });
      return promise.future();
    }

    private void answer(ShardRunner.@Nullable Batch batch) {
      Promise<ShardRunner.@Nullable Batch> asker = wanted;
      wanted = null;
      if (asker != null) {
        asker.complete(batch);
      }
      if (batch != null) {
        with.inbox().more(partition);
      }
    }
  }
}
