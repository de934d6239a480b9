package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundFetchEventsTest {
  private final FakeGateway gateway = new FakeGateway();
  private final FakeFetch fetch =
      gateway.add("my-fetch", "http://h/a", "http://h/b", "http://h/c", "http://h/d");
  private final BackgroundFetchManager manager =
      BackgroundFetchManager.builder(gateway.address())
          .reconnectTimeout(Duration.ofSeconds(3))
          .build();
  private final BackgroundFetchRegistration registration = manager.find("my-fetch").orElseThrow();
  private final List<BackgroundFetchEvent> events = new ArrayList<>();

  @AfterEach
  void stop() {
    manager.close();
    gateway.close();
  }

  @Test
  void beginWithTheStateAndEndWithTheEnd() {
    RegistrationState end = registration.follow(events::add);

    assertThat(events)
        .extracting(BackgroundFetchEvent::type)
        .containsExactly("progress", "progress", "progress", "progress", "backgroundfetchsuccess");
    assertThat(events)
        .extracting(event -> event.registration().records().settled())
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(end.result()).isEqualTo("success");
    assertThat(registration.result()).isEqualTo("success");
  }

  @Test
  void goOnOverLostConnectionsAndRepeatNothing() {
    gateway.cutEventStreams(2);

    registration.follow(events::add);

    assertThat(events)
        .extracting(event -> event.registration().records().settled())
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(gateway.calls.stream().filter(call -> call.endsWith("/events"))).hasSize(3);
    assertThat(gateway.headers.get(2).get("Last-event-id")).containsExactly(fetch.uid() + ":2");
  }

  @Test
  void areOneForWhatHasEnded() {
    fetch.performAll();

    registration.follow(events::add);

    assertThat(events)
        .extracting(BackgroundFetchEvent::type)
        .containsExactly("backgroundfetchsuccess");
  }

  @Test
  void giveUpAtOnceWhereTheyNeverWere() {
    gateway.close();

    assertThatThrownBy(() -> registration.follow(events::add))
        .isInstanceOf(GatewayUnreachableException.class);
  }

  @Test
  void giveUpWhenTheGatewayDoesNotComeBack() {
    gateway.cutEventStreams(1);

    assertThatThrownBy(
            () ->
                registration.follow(
                    event -> {
                      events.add(event);
                      if (events.size() == 2) {
                        gateway.close();
                      }
                    }))
        .isInstanceOf(GatewayUnreachableException.class);
    assertThat(events).hasSize(2);
  }

  @Test
  void waitForAGatewayThatIsShortOfItsBackends() {
    List<String> refusals = new ArrayList<>();
    gateway.cutEventStreams(1);
    var patient = BackgroundFetchManager.of(gateway.address()).find("my-fetch").orElseThrow();
    try (BackgroundFetchEvents stream = patient.events()) {
      events.add(stream.next());
      events.add(stream.next());
      String path = "GET /v1/fetches/" + fetch.uid() + "/events";
      gateway.answer(
          path,
          exchange -> {
            refusals.add(path);
            if (refusals.size() == 1) {
              FakeGateway.problem(exchange, 503, null, "no database");
            } else {
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
            }
          });

      assertThat(stream.hasNext()).isFalse();
      assertThat(refusals).hasSize(2);
    }
  }

  @Test
  void goOnAtTheNextGatewayAndRepeatNothing() {
    try (FakeGateway second = gateway.sibling()) {
      var both =
          BackgroundFetchManager.of(gateway.address(), second.address())
              .find(fetch.uid())
              .orElseThrow();
      gateway.answer(
          "GET /v1/fetches/" + fetch.uid() + "/events",
          exchange -> {
            String before = FakeGateway.event(fetch);
            fetch.perform();
            FakeGateway.openStream(exchange, before, FakeGateway.event(fetch));
            throw new IOException("the gateway dies");
          });

      both.follow(events::add);

      assertThat(events)
          .extracting(event -> event.registration().records().settled())
          .containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThat(second.headers.get(0).get("Last-event-id")).containsExactly(fetch.uid() + ":2");
    }
  }

  @Test
  void neverTellSomethingOlderAfterSomethingNewer() {
    String older = FakeGateway.event(fetch);
    fetch.perform();
    String newer = FakeGateway.event(fetch);
    gateway.answerFirst(
        1,
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> {
          FakeGateway.openStream(exchange, newer, older, newer);
          exchange.close();
        });

    registration.follow(events::add);

    assertThat(events)
        .extracting(event -> event.registration().records().settled())
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void loseNoEndBehindAClickThatCameFirst() {
    fetch.performAll();
    String end = FakeGateway.event(fetch);
    String click =
        end.replaceFirst("event: .*", "event: backgroundfetchclick")
            .replace("\"version\":5", "\"version\":6");
    String other = FakeGateway.event(gateway.add("other", "http://h/x"));
    gateway.answer(
        "GET /v1/events",
        exchange -> FakeGateway.openStream(exchange, click, end, click, end, other));

    try (BackgroundFetchEvents all = manager.events()) {
      for (int i = 0; i < 3; i++) {
        events.add(all.next());
      }
    }

    assertThat(events)
        .extracting(event -> event.registration().id() + " " + event.type())
        .containsExactly(
            "my-fetch backgroundfetchclick", "my-fetch backgroundfetchsuccess", "other progress");
  }

  @Test
  void doNotTakeAnyPageForAStream() {
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> FakeGateway.send(exchange, 200, "text/html", "<h1>Log in</h1>"));

    assertThatThrownBy(() -> registration.follow(events::add))
        .isInstanceOf(GatewayUnreachableException.class)
        .hasMessageContaining("is not bgfetch");
  }

  @Test
  void ofAllGoOnOverLostConnectionsAndTellEachEndOnce() {
    FakeFetch other = gateway.add("other", "http://h/x");
    fetch.performAll();
    String end = FakeGateway.event(fetch);
    gateway.answer(
        "GET /v1/events",
        exchange -> {
          boolean again = exchange.getRequestHeaders().containsKey("Last-Event-ID");
          String before = FakeGateway.event(other);
          if (again) {
            other.performAll();
          }
          FakeGateway.openStream(exchange, end, before, FakeGateway.event(other));
          if (!again) {
            exchange.close();
          }
        });

    try (BackgroundFetchEvents all = manager.events()) {
      for (int i = 0; i < 3; i++) {
        events.add(all.next());
      }
    }

    assertThat(events)
        .extracting(event -> event.registration().id() + " " + event.type())
        .containsExactly(
            "my-fetch backgroundfetchsuccess", "other progress", "other backgroundfetchsuccess");
  }

  @Test
  void areToldOnAThreadOfTheClient() {
    assertThat(registration.followAsync(events::add))
        .succeedsWithin(Duration.ofSeconds(30))
        .extracting(RegistrationState::result)
        .isEqualTo("success");
    assertThat(events).hasSize(5);
  }

  @Test
  void failWithWhateverTheirListenerThrows() {
    AssertionError failure = new AssertionError("as it should fail");

    assertThat(
            registration.followAsync(
                event -> {
                  throw failure;
                }))
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withCause(failure);
  }

  @Test
  void areNotToldAnyMoreOnceThatIsCancelled() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    CompletableFuture<RegistrationState> end =
        registration.followAsync(
            event -> {
              events.add(event);
              told.countDown();
              await(cancelled);
            });
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();

    end.cancel(true);
    cancelled.countDown();

    assertThat(events).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void endWhenTheyAreClosed() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> {
          FakeGateway.openStream(exchange);
          connected.countDown();
        });
    BackgroundFetchEvents stream = registration.events();
    CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(stream::hasNext);
    assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();

    stream.close();

    assertThat(next).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(false);
  }
}
