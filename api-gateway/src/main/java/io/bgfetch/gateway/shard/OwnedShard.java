package io.bgfetch.gateway.shard;

import io.bgfetch.kafka.SeekingInbox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that is ours: its present runner, and the batches that wait for it, which it gets as
 * one. A runner that failed is followed by another one after a pause. Lives on one context.
 */
final class OwnedShard implements ShardRunner.Feed {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedShard.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** One transaction is not to become too long. */
  private static final int MOST_EVENTS = 2_000;

  private final Vertx vertx;
  private final int partition;
  private final SeekingInbox inbox;
  private final IntSupplier generations;
  private final Function<ShardRunner.Feed, ShardRunner> runners;
  private boolean ours = true;
  private @Nullable ShardRunner runner;
  private Future<Void> run = Future.succeededFuture();
  private final Deque<Received> waiting = new ArrayDeque<>();
  private @Nullable Promise<Void> awaited;
  private int generation;

  /** A batch, and who is to be told that it was taken up. */
  private record Received(ShardRunner.Batch batch, Runnable taken) {}

  /**
   * Makes it; {@link #run} begins.
   *
   * @param generations numbers that are never given twice
   * @param runners makes the runner of one ownership
   */
  OwnedShard(
      Vertx vertx,
      int partition,
      SeekingInbox inbox,
      IntSupplier generations,
      Function<ShardRunner.Feed, ShardRunner> runners) {
    this.vertx = vertx;
    this.partition = partition;
    this.inbox = inbox;
    this.generations = generations;
    this.runners = runners;
  }

  /** Takes the shard over, and again after every failure for as long as it is ours. */
  void run() {
    runner = runners.apply(this);
    run = runner.run();
    run.onFailure(this::again);
  }

  private void again(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("shard", partition)
        .addKeyValue("cause", cause.toString())
        .log("a shard lets go and begins anew");
    drop();
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
    wake();
    return run.otherwise((Void) null);
  }

  void receive(int ofGeneration, ShardRunner.Batch batch, Runnable taken) {
    if (ofGeneration != generation) {
      taken.run(); // read before the present runner said where to begin
      return;
    }
    waiting.add(new Received(batch, taken));
    wake();
  }

  private void drop() {
    waiting.forEach(received -> received.taken().run());
    waiting.clear();
  }

  @Override
  public ShardRunner.@Nullable Batch take() {
    Received first = waiting.poll();
    if (first == null) {
      return null;
    }
    first.taken().run();
    ShardRunner.Batch all = first.batch();
    while (!waiting.isEmpty() && all.events().size() + next(waiting) <= MOST_EVENTS) {
      Received further = waiting.remove();
      further.taken().run();
      all = all.followedBy(further.batch());
    }
    return all;
  }

  private static int next(Deque<Received> waiting) {
    return waiting.element().batch().events().size();
  }

  @Override
  public void begin(long offset) {
    generation = generations.getAsInt();
    drop();
    inbox.begin(partition, offset, generation);
  }

  @Override
  public Future<Void> await(Duration wait) {
    if (!waiting.isEmpty() || wait.isZero()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    awaited = promise;
    vertx.setTimer(
        wait.toMillis(),
        passed -> {
          if (awaited == promise) {
            wake();
          }
        });
    return promise.future();
  }

  private void wake() {
    Promise<Void> asker = awaited;
    awaited = null;
    if (asker != null) {
      asker.complete();
    }
  }
}
