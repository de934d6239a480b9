package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.ToldNews;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.gateway.reading.BodyState.Awaited;
import io.bgfetch.gateway.reading.RecordWatch.Watch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordWatchTest {

  private static final RecordSight WAITING = new RecordSight(true, new Awaited());
  private static final Duration NEVER = Duration.ofHours(1);
  private static final int MOST = 50;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Audience audience = ToldNews.audienceOn(context);
  private final Looks looks = new Looks();
  private final UUID uid = UUID.randomUUID();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private RecordWatch watch(Duration lookEvery) {
    return new RecordWatch(vertx, looks, audience, lookEvery, MOST);
  }

  private RecordKey key(int index) {
    return new RecordKey("t", uid, index);
  }

  @Test
  void looksAtOnceAndOnceForAllThatWatchARecord() {
    RecordWatch records = watch(NEVER);
    Watcher one = new Watcher();
    Watcher other = new Watcher();
    onContext(() -> List.of(records.watch(key(0), one), records.watch(key(0), other)));

    looks.answer();
    await().until(() -> one.seen.get() == 1);
    looks.answer();

    // The second one came while the look was on its way, which might have been too early for it.
    await().until(() -> other.seen.get() == 1);
    assertThat(looks.all).containsExactly(List.of(key(0)), List.of(key(0)));
  }

  @Test
  void hasOneLookOnItsWayAtATimeHoweverManyWatch() {
    RecordWatch records = watch(Duration.ofMillis(10));
    onContext(
        () -> {
          List<Watch> watches = new ArrayList<>();
          for (int i = 0; i < MOST; i++) {
            watches.add(records.watch(key(i), new Watcher()));
          }
          return watches;
        });
    ToldNews.tell(audience, "t", uid);
    await().during(Duration.ofMillis(200)).until(() -> looks.all.size() == 1);

    looks.answer();

    await().until(() -> looks.all.size() == 2);
    assertThat(looks.all.get(1)).hasSize(MOST);
  }

  @Test
  void looksAgainFromTimeToTime() {
    RecordWatch records = watch(Duration.ofMillis(10));
    Watcher watcher = new Watcher();
    onContext(() -> records.watch(key(0), watcher));

    await()
        .until(
            () -> {
              looks.answer();
              return watcher.seen.get() >= 3;
            });
  }

  @Test
  void looksAgainWhenThereAreNews() {
    RecordWatch records = watch(NEVER);
    Watcher watcher = new Watcher();
    onContext(() -> records.watch(key(0), watcher));
    onContext(() -> records.watch(new RecordKey("t", UUID.randomUUID(), 0), new Watcher()));
    looks.answer();
    await().until(() -> looks.all.size() == 2);
    looks.answer();
    await().until(() -> watcher.seen.get() == 1);

    ToldNews.tell(audience, "other", uid);
    ToldNews.tell(audience, "t", uid);

    await().until(() -> looks.all.size() == 3);
    assertThat(looks.all.get(2)).containsExactly(key(0));
  }

  @Test
  void goesOnAfterALookThatFailed() {
    RecordWatch records = watch(Duration.ofMillis(10));
    Watcher watcher = new Watcher();
    onContext(() -> records.watch(key(0), watcher));
    looks.fail();

    await()
        .until(
            () -> {
              looks.answer();
              return watcher.seen.get() > 0;
            });
  }

  @Test
  void looksAtNothingThatNobodyWatches() {
    RecordWatch records = watch(Duration.ofMillis(10));
    Watch watch = onContext(() -> records.watch(key(0), new Watcher()));
    looks.answer();
    onContext(
        () -> {
          watch.close();
          watch.close();
          return watch;
        });
    looks.answer();
    int before = looks.all.size();

    ToldNews.tell(audience, "t", uid);

    await().during(Duration.ofMillis(200)).until(() -> looks.all.size() == before);
  }

  @Test
  void refusesMoreWatchersThanItMayHave() {
    RecordWatch records = watch(NEVER);
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      watches.add(onContext(() -> records.watch(key(0), new Watcher())));
    }

    assertThatThrownBy(() -> onContext(() -> records.watch(key(1), new Watcher())))
        .isInstanceOfSatisfying(
            CompletionException.class,
            refused ->
                assertThat(((ProblemException) refused.getCause()).problem().status())
                    .isEqualTo(503));
    onContext(
        () -> {
          watches.getFirst().close();
          return records.watch(key(1), new Watcher());
        });
  }

  @Test
  void endsItsWatchersWhenItStops() {
    RecordWatch records = watch(NEVER);
    Watcher watcher = new Watcher();
    onContext(() -> records.watch(key(0), watcher));

    onContext(records::stop);

    assertThat(watcher.ended.get()).isEqualTo(1);
  }

  private <T> T onContext(Supplier<T> call) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          try {
            done.complete(call.get());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static final class Watcher implements RecordWatcher {

    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void see(RecordSight sight) {
      seen.incrementAndGet();
    }

    @Override
    public void end() {
      ended.incrementAndGet();
    }
  }

  /** Looks that end when the test says so. */
  private final class Looks implements RecordLooks {

    private final List<List<RecordKey>> all = new CopyOnWriteArrayList<>();
    private volatile Promise<Map<RecordKey, RecordSight>> last = Promise.promise();

    @Override
    public Future<Map<RecordKey, RecordSight>> look(String tenant, List<Wanted> wanted) {
      last = Promise.promise();
      all.add(wanted.stream().map(Wanted::key).toList());
      return last.future();
    }

    void answer() {
      onContext(
          () ->
              last.tryComplete(
                  all.getLast().stream().collect(Collectors.toMap(key -> key, key -> WAITING))));
    }

    void fail() {
      onContext(() -> last.tryFail("no database"));
    }
  }
}
