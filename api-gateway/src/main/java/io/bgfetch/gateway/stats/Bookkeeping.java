package io.bgfetch.gateway.stats;

import io.bgfetch.gateway.stats.ShardLoads.Load;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway's shards counted, for people to look at: every two seconds it is added to
 * Postgres, where the sum over all gateways is read. Nothing is decided by it. What was not written
 * yet is lost with the process; what could not be written is tried again with what comes next, and
 * counts twice where it had been written after all. Used on the gateway's context.
 */
public final class Bookkeeping implements Part {

  /** How long the intervals are in which traffic is counted. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Bookkeeping.class);
  private static final Duration WRITE_WITHIN = Duration.ofSeconds(5);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Pool pool;
  private final InstantSource clock;
  private final TrafficCounts counts = new TrafficCounts();
  private final ShardLoads loads = new ShardLoads();
  private Future<?> written = Future.succeededFuture();
  private long timer = -1;
  private long postgresAhead;
  private boolean loaded;
  private boolean stopped;
  private boolean failing;

  public Bookkeeping(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
    this.clock = InstantSource.system();
  }

  /** So much came, by tenant. */
  public void count(Map<String, Traffic> came) {
    counts.add(came);
  }

  /**
   * A shard is this gateway's.
   *
   * @param running tells how many of its records run now, by tenant
   */
  public void hold(int shard, Supplier<Map<String, Integer>> running) {
    loads.hold(shard, running);
  }

  /** The shard that was held with this supplier is this gateway's no more. */
  public void leave(int shard, Supplier<Map<String, Integer>> running) {
    loads.leave(shard, running);
  }

  @Override
  public Future<Void> start() {
    arm();
    return Future.succeededFuture();
  }

  /** Writes what is left, once the shards have stopped. */
  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return written
        .otherwiseEmpty()
        .compose(before -> write())
        .timeout(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void arm() {
    if (!stopped) {
      long pause = untilNextMiddle(clock.millis() + postgresAhead);
      timer = vertx.setTimer(pause, fired -> written = write().onComplete(done -> arm()));
    }
  }

  /**
   * Milliseconds until an interval of Postgres's clock is half over. Written then, each interval
   * gets what came in two seconds, and not now and then none and the next one twice as much.
   */
  static long untilNextMiddle(long millis) {
    long length = INTERVAL.toMillis();
    return length - Math.floorMod(millis - length / 2, length);
  }

  /** Writes what came since the last time, and what runs. */
  Future<?> write() {
    return Future.join(addTraffic(), writeLoads())
        .onSuccess(done -> failing = false)
        .onFailure(this::failed);
  }

  private Future<?> addTraffic() {
    SortedMap<String, Traffic> taken = counts.take();
    if (taken.isEmpty()) {
      return Future.succeededFuture();
    }
    Collection<Traffic> values = taken.values();
    return execute(
            BookkeepingSql.ADD_TRAFFIC,
            Tuple.tuple()
                .addArrayOfString(taken.keySet().toArray(String[]::new))
                .addArrayOfLong(values.stream().map(Traffic::fetches).toArray(Long[]::new))
                .addArrayOfLong(values.stream().map(Traffic::bytes).toArray(Long[]::new)))
        .onSuccess(rows -> postgresAhead = rows.iterator().next().getLong("now") - clock.millis())
        .onFailure(cause -> counts.add(taken));
  }

  /** Once nothing runs, and that was said, there is nothing to say. */
  private Future<?> writeLoads() {
    List<Load> now = loads.now();
    if (now.isEmpty() && !loaded) {
      return Future.succeededFuture();
    }
    return execute(
            BookkeepingSql.WRITE_LOADS,
            Tuple.tuple()
                .addArrayOfInteger(loads.held().toArray(Integer[]::new))
                .addArrayOfInteger(now.stream().map(Load::shard).toArray(Integer[]::new))
                .addArrayOfString(now.stream().map(Load::tenant).toArray(String[]::new))
                .addArrayOfInteger(now.stream().map(Load::running).toArray(Integer[]::new)))
        .onSuccess(rows -> loaded = !now.isEmpty());
  }

  private Future<RowSet<Row>> execute(String statement, Tuple tuple) {
    return pool.preparedQuery(statement)
        .execute(tuple)
        .timeout(WRITE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void failed(Throwable cause) {
    if (!failing) {
      LOG.atInfo()
          .addKeyValue("reason", cause.toString())
          .log("statistics were not written and are tried again");
    }
    failing = true;
  }
}
