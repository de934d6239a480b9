package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventPublisherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeGateway gateway = new FakeGateway();
  private final FakeFetch fetch =
      gateway.add("my-fetch", "http://h/a", "http://h/b", "http://h/c", "http://h/d");
  private final BackgroundFetchManager manager =
      BackgroundFetchManager.builder(gateway.address())
          .reconnectTimeout(Duration.ofMillis(300))
          .build();
  private final BackgroundFetchRegistration registration = manager.find("my-fetch").orElseThrow();

  private final Reader eager = Reader.asking(Long.MAX_VALUE);

  private final List<Thread> started = new CopyOnWriteArrayList<>();
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(this::start);

  private Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((failed, failure) -> uncaught.add(failure));
    started.add(thread);
    return thread;
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    manager.close();
    gateway.close();
  }

  @Test
  void tellsEachStateThatIsWaitedForAndThenTheEnd() {
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> {
          FakeGateway.openStream(exchange, FakeGateway.event(fetch));
          for (long told = 1; fetch.active(); told++) {
            awaitTold(told);
            fetch.perform();
            FakeGateway.sendEvents(exchange, FakeGateway.event(fetch));
          }
          exchange.close();
        });

    registration.progress().subscribe(eager);

    assertThat(eager.end).succeedsWithin(PATIENCE);
    assertThat(eager.types())
        .containsExactly("progress", "progress", "progress", "progress", "backgroundfetchsuccess");
  }

  private void awaitTold(long events) {
    await().until(() -> eager.events.size() == events);
  }

  @Test
  void tellsNothingUnasked() {
    Reader reader = Reader.asking(0);

    registration.progress().subscribe(reader);
    await().until(() -> !fetch.active());

    assertThat(reader.events).isEmpty();
    assertThat(reader.end).isNotDone();
  }

  @Test
  void mergesStatesForASlowSubscriberAndNeverLosesTheEnd() {
    Reader reader = Reader.asking(1);

    registration.progress().subscribe(reader);
    await().until(() -> !reader.events.isEmpty() && !fetch.active());
    await()
        .until(
            () -> {
              reader.subscription.request(1);
              return reader.end.isDone();
            });

    assertThat(reader.end).succeedsWithin(PATIENCE);
    assertThat(reader.types()).hasSizeLessThanOrEqualTo(3).endsWith("backgroundfetchsuccess");
  }

  @Test
  void readsOnWhileASubscriberIsBusy() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    Reader reader =
        new Reader(Long.MAX_VALUE) {
          @Override
          public void onNext(BackgroundFetchEvent event) {
            super.onNext(event);
            if (events.size() == 1) {
              assertThat(awaited(busy)).isTrue();
            }
          }
        };

    registration.progress().subscribe(reader);
    await().until(() -> !fetch.active());
    busy.countDown();

    assertThat(reader.end).succeedsWithin(PATIENCE);
    assertThat(reader.types()).endsWith("backgroundfetchsuccess");
  }

  @Test
  void tellsEachSubscriberAllOfIt() {
    Reader first = Reader.asking(Long.MAX_VALUE);
    Reader second = Reader.asking(Long.MAX_VALUE);

    registration.progress().subscribe(first);
    assertThat(first.end).succeedsWithin(PATIENCE);
    registration.progress().subscribe(second);

    assertThat(second.end).succeedsWithin(PATIENCE);
    assertThat(second.types()).containsExactly("backgroundfetchsuccess");
  }

  @Test
  void tellsNothingMoreOnceItIsCancelled() {
    Reader reader =
        new Reader(1) {
          @Override
          public void onNext(BackgroundFetchEvent event) {
            super.onNext(event);
            subscription.cancel();
            subscription.request(10);
          }
        };

    registration.progress().subscribe(reader);
    await().until(() -> reader.events.size() == 1);

    assertThat(reader.end).isNotDone();
  }

  @Test
  void failsWhereTheGatewayDoesNotComeBack() {
    gateway.close();
    Reader reader = Reader.asking(1);

    registration.progress().subscribe(reader);

    assertThat(reader.end)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(GatewayUnreachableException.class);
  }

  @Test
  void refusesToBeAskedForNothing() {
    Reader reader = Reader.asking(-1);

    registration.progress().subscribe(reader);

    assertThat(reader.end)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
    assertThat(reader.events).isEmpty();
  }

  @Test
  void isNotToldOfAMistakeWhileItSubscribesStill() {
    AtomicBoolean toldTooSoon = new AtomicBoolean();
    Reader reader =
        new Reader(0) {
          @Override
          public void onSubscribe(Flow.Subscription given) {
            given.request(0);
            toldTooSoon.set(end.isDone());
          }
        };

    new EventPublisher(registration::events, Runnable::run).subscribe(reader);

    assertThat(toldTooSoon).isFalse();
    assertMistake(reader);
  }

  @Test
  void refusesToBeAskedForNothingAlsoWhenAllIsThereAndUnread() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    Reader reader = Reader.asking(0);
    new EventPublisher(registration::events, tasks::add).subscribe(reader);
    runAll(tasks);
    assertThat(fetch.active()).isFalse();

    reader.subscription.request(0);
    runAll(tasks);

    assertMistake(reader);
  }

  private static void runAll(Deque<Runnable> tasks) {
    while (!tasks.isEmpty()) {
      tasks.poll().run();
    }
  }

  private static void assertMistake(Reader reader) {
    assertThat(reader.end)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
    assertThat(reader.events).isEmpty();
  }

  @Test
  void keepsNoThreadThatWaitsForRoomWhenItWasAskedForNothing() throws Exception {
    gateway.answer(
        "GET /v1/events",
        exchange -> {
          FakeGateway.openStream(exchange);
          for (int i = 0; i < 10_001; i++) {
            FakeGateway.sendEvents(
                exchange,
                "event: progress\ndata: {\"uid\":\"u-%d\",\"version\":1}\n\n".formatted(i));
          }
        });
    Reader reader = Reader.asking(0);
    new EventPublisher(manager::events, threads).subscribe(reader);
    await().atMost(PATIENCE).until(() -> started.stream().anyMatch(EventPublisherTest::hasNoRoom));

    reader.subscription.request(0);

    assertMistake(reader);
    assertThreadsEnd();
  }

  private void assertThreadsEnd() throws InterruptedException {
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean hasNoRoom(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Stream.of(thread.getStackTrace()).anyMatch(f -> f.getMethodName().equals("hasRoom"));
  }

  @Test
  void letsGoOfASubscriberThatFails() throws Exception {
    gateway.answer(
        "GET /v1/events", exchange -> FakeGateway.openStream(exchange, FakeGateway.event(fetch)));
    AssertionError failure = new AssertionError("as it should fail");
    Reader reader =
        new Reader(Long.MAX_VALUE) {
          @Override
          public void onNext(BackgroundFetchEvent event) {
            super.onNext(event);
            throw failure;
          }
        };

    new EventPublisher(manager::events, threads).subscribe(reader);

    await().atMost(PATIENCE).until(() -> uncaught.contains(failure));
    assertThreadsEnd();
    assertThat(reader.events).hasSize(1);
    assertThat(reader.end).isNotDone();
  }

  @Test
  void tellsWhenItCannotReadOn() {
    Addresses roots = new Addresses(List.of(gateway.address()));
    Attempts attempts = new Attempts(roots, PATIENCE, true);
    Gateway stack =
        new Gateway(
            new Connection(HttpClient.newHttpClient(), true),
            roots,
            attempts,
            Timeouts.DEFAULT,
            null,
            false);
    Reader reader = Reader.asking(1);

    new EventPublisher(
            () ->
                new BackgroundFetchEvents(
                    stack,
                    "/v1/fetches/" + fetch.uid() + "/events",
                    true,
                    event -> {
                      throw new StackOverflowError();
                    }),
            threads)
        .subscribe(reader);

    assertThat(reader.end)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(StackOverflowError.class);
    stack.close();
  }

  @Test
  void failsWhenTheClientIsClosed() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> {
          FakeGateway.openStream(exchange);
          connected.countDown();
        });
    Reader reader = Reader.asking(1);
    registration.progress().subscribe(reader);
    assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();

    manager.close();

    assertThat(reader.end)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void keepsOnlyTheLatestOfEachRegistration() {
    UnreadEvents unread = new UnreadEvents();
    FakeFetch other = gateway.add("other", "http://h/a");
    unread.add(event(fetch, "progress"));
    unread.add(event(other, "progress"));
    fetch.perform();
    unread.add(event(fetch, "backgroundfetchclick"));
    fetch.performAll();
    unread.add(event(fetch, "backgroundfetchsuccess"));

    assertThat(unread.size()).isEqualTo(3);
    assertThat(unread.poll().type()).isEqualTo("backgroundfetchclick");
    assertThat(unread.poll().type()).isEqualTo("backgroundfetchsuccess");
    assertThat(unread.poll().registration().id()).isEqualTo("other");
    assertThat(unread.poll()).isNull();
  }

  private static BackgroundFetchEvent event(FakeFetch fetch, String type) {
    return new BackgroundFetchEvent(type, RegistrationState.of(fetch.snapshot()));
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static class Reader implements Flow.Subscriber<BackgroundFetchEvent> {
    final List<BackgroundFetchEvent> events = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> end = new CompletableFuture<>();
    private final long first;
    volatile Flow.Subscription subscription;

    Reader(long first) {
      this.first = first;
    }

    static Reader asking(long first) {
      return new Reader(first);
    }

    List<String> types() {
      return events.stream().map(BackgroundFetchEvent::type).toList();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (first != 0) {
        given.request(first);
      }
    }

    @Override
    public void onNext(BackgroundFetchEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }
}
