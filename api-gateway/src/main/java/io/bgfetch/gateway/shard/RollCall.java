package io.bgfetch.gateway.shard;

import io.bgfetch.gateway.stats.Workers;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Alive;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that said that they live, written down each second. Beside the shard's steps: no
 * transaction of the shard holds these rows, no step waits for them, and what gets lost is said
 * again a second later. Lives on the runner's context.
 */
final class RollCall {

  private static final Logger LOG = LoggerFactory.getLogger(RollCall.class);

  /** Seconds; less than those after which a worker that was not heard of lives no more. */
  private static final int FRESH = 5;

  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(5);

  private final Function<Collection<Alive>, Future<Void>> workers;
  private final Map<String, Alive> heard = new HashMap<>();
  private Future<Void> written = Future.succeededFuture();

  RollCall(Workers workers) {
    this(heard -> workers.see(heard).timeout(WRITTEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
  }

  RollCall(Function<Collection<Alive>, Future<Void>> workers) {
    this.workers = workers;
  }

  /**
   * Notes who is there; of each worker its last word. What was said long ago says nothing of now:
   * the worker may be gone.
   *
   * @param behind seconds that the shard was behind before it read these
   */
  void hear(List<FetchEvent> events, int behind) {
    if (behind > FRESH) {
      return;
    }
    for (FetchEvent event : events) {
      if (event instanceof Alive alive) {
        heard.put(alive.worker(), alive);
      }
    }
  }

  /** Writes who was heard since the last time, with one statement; never two at once. */
  void write() {
    if (heard.isEmpty() || !written.isComplete()) {
      return;
    }
    List<Alive> now = List.copyOf(heard.values());
    heard.clear();
    written =
        workers
            .apply(now)
            .onFailure(
                cause ->
                    LOG.atDebug().setCause(cause).log("the workers that live were not written"));
  }
}
