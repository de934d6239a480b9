package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  private final BackgroundFetchRegistration registration =
      BackgroundFetchManager.builder(gateway.address())
          .reconnectTimeout(Duration.ofMillis(300))
          .build()
          .find("my-fetch")
          .orElseThrow();
  private final List<BackgroundFetchEvent> events = new ArrayList<>();

  @AfterEach
  void stop() {
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
    try (BackgroundFetchEvents stream = registration.events()) {
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
  void endWhenTheyAreClosed() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/events",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(":\n\n".getBytes());
          exchange.getResponseBody().flush();
          connected.countDown();
        });
    BackgroundFetchEvents stream = registration.events();
    CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(stream::hasNext);
    assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();

    stream.close();

    assertThat(next).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(false);
  }
}
