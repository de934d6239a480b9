package io.bgfetch.gateway.reading;

import static java.util.stream.Collectors.groupingBy;

import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.Follower;
import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.bgfetch.gateway.reading.RecordLooks.Wanted;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches records for those who wait for them. All watched records are looked at together: when the
 * audience hears news of their registrations, and twice a second, for not every change of a record
 * is news. One look is on its way at a time, so the load on the database does not grow with the
 * number of watchers. Used on the gateway's context.
 */
public final class RecordWatch implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(RecordWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration MERGE_NEWS = Duration.ofMillis(100);
  private static final long NOT_SET = -1;

  private final Vertx vertx;
  private final RecordLooks looks;
  private final Audience audience;
  private final Duration lookEvery;
  private final int mostWatchers;
  private final Map<RecordKey, Watched> watched = new HashMap<>();
  private final Set<RecordKey> wanted = new LinkedHashSet<>();
  private int watchers;
  private boolean looking;
  private long regular = NOT_SET;
  private long afterNews = NOT_SET;

  /**
   * Makes it.
   *
   * @param mostWatchers at once; one more is refused
   */
  public RecordWatch(Vertx vertx, Pool pool, Audience audience, int mostWatchers) {
    this(vertx, new PgRecordLooks(pool), audience, LOOK_EVERY, mostWatchers);
  }

  RecordWatch(
      Vertx vertx, RecordLooks looks, Audience audience, Duration lookEvery, int mostWatchers) {
    this.vertx = vertx;
    this.looks = looks;
    this.audience = audience;
    this.lookEvery = lookEvery;
    this.mostWatchers = mostWatchers;
  }

  /** Ends the watching; once or more often. */
  interface Watch {
    void close();
  }

  /** A record, who watches it, and what was seen of it last. */
  private final class Watched implements Follower {

    private final RecordKey key;
    private final Set<RecordWatcher> by = new LinkedHashSet<>();
    private @Nullable Arriving last;

    Watched(RecordKey key) {
      this.key = key;
    }

    void see(RecordSight sight, List<RecordWatcher> since) {
      last = sight.body() instanceof Arriving arriving ? arriving : null;
      since.stream().filter(by::contains).forEach(watcher -> watcher.see(sight));
    }

    @Override
    public void hear(News news) {
      wanted.add(key);
      if (afterNews == NOT_SET) {
        afterNews =
            vertx.setTimer(
                MERGE_NEWS.toMillis(),
                fired -> {
                  afterNews = NOT_SET;
                  look();
                });
      }
    }

    /** The audience ends; the watching ends with this part. */
    @Override
    public void end() {}
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    List<RecordWatcher> all =
        watched.values().stream().flatMap(record -> record.by.stream()).toList();
    all.forEach(RecordWatcher::end);
    vertx.cancelTimer(regular);
    vertx.cancelTimer(afterNews);
    return Future.succeededFuture();
  }

  /**
   * Lets a watcher see every look at a record that begins from now on, the first one at once.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException where there are too many watchers
   */
  Watch watch(RecordKey key, RecordWatcher watcher) {
    if (watchers >= mostWatchers) {
      throw Problem.tooManyReaders(mostWatchers).toException();
    }
    Watched record = watched.get(key);
    if (record == null) {
      record = new Watched(key);
      watched.put(key, record);
      audience.follow(key.tenant(), key.uid(), record);
    }
    if (record.by.add(watcher)) {
      watchers++;
    }
    wanted.add(key);
    look();
    arm();
    return () -> unwatch(key, watcher);
  }

  /**
   * Waits until a record's response is ready, or the record has ended, or the time is over.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException where there are too many watchers
   */
  public ReadyWait ready(RecordKey key, Duration atMost) {
    return new ReadyWait(vertx).begin(key, this, atMost);
  }

  private void unwatch(RecordKey key, RecordWatcher watcher) {
    Watched record = watched.get(key);
    if (record == null || !record.by.remove(watcher)) {
      return;
    }
    watchers--;
    if (record.by.isEmpty()) {
      watched.remove(key);
      wanted.remove(key);
      audience.unfollow(key.tenant(), key.uid(), record);
    }
    if (watched.isEmpty()) {
      vertx.cancelTimer(regular);
      regular = NOT_SET;
    }
  }

  private void arm() {
    if (regular == NOT_SET && !watched.isEmpty()) {
      regular =
          vertx.setTimer(
              lookEvery.toMillis(),
              fired -> {
                regular = NOT_SET;
                wanted.addAll(watched.keySet());
                look();
                arm();
              });
    }
  }

  private void look() {
    if (looking || wanted.isEmpty()) {
      return;
    }
    looking = true;
    List<Watched> now = wanted.stream().filter(watched::containsKey).map(watched::get).toList();
    wanted.clear();
    List<Future<?>> all = new ArrayList<>();
    now.stream()
        .collect(groupingBy(record -> record.key.tenant()))
        .forEach((tenant, records) -> all.add(look(tenant, records)));
    Future.join(all)
        .onComplete(
            done -> {
              looking = false;
              look();
            });
  }

  private Future<?> look(String tenant, List<Watched> records) {
    Map<RecordKey, List<RecordWatcher>> since = new HashMap<>();
    records.forEach(record -> since.put(record.key, List.copyOf(record.by)));
    return looks
        .look(tenant, records.stream().map(one -> new Wanted(one.key, one.last)).toList())
        .onSuccess(
            seen ->
                records.forEach(
                    record ->
                        record.see(
                            seen.getOrDefault(record.key, RecordSight.NOTHING),
                            since.getOrDefault(record.key, List.of()))))
        .onFailure(
            cause ->
                LOG.atDebug()
                    .addKeyValue("reason", cause.toString())
                    .log("watched records could not be looked at"));
  }
}
