package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of calls while gateways have bad days. */
@Timeout(60)
class RepeatedCallsTest {
  private static final BackgroundFetchOptions NONE = BackgroundFetchOptions.none();
  private static final List<FetchRequest> ONE = List.of(FetchRequest.of("http://h/a"));
  private static final String REGISTER = "POST /v1/fetches";
  private static final String LIST = "GET /v1/fetches";

  private final FakeGateway gateway = new FakeGateway();
  private final BackgroundFetchManager manager = BackgroundFetchManager.of(gateway.address());

  @AfterEach
  void stop() {
    manager.close();
    gateway.close();
  }

  @Nested
  class Registering {
    @Test
    void isRepeatedWithTheSameKeyUntilItIsAnswered() {
      gateway.answerFirst(2, REGISTER, FakeGateway::drop);

      BackgroundFetchRegistration registration = manager.fetch("x", ONE);

      assertThat(registration.id()).isEqualTo("x");
      assertThat(gateway.calls).hasSize(3);
      assertThat(keys()).hasSize(3).doesNotContainNull();
      assertThat(keys().stream().distinct()).hasSize(1);
    }

    @Test
    void happensOnceWhenOnlyTheAnswerWasLost() {
      gateway.answerFirst(1, REGISTER, gateway::registerInSilence);

      BackgroundFetchRegistration registration = manager.fetch("x", ONE);

      assertThat(gateway.calls).hasSize(2);
      assertThat(gateway.registered).hasSize(1);
      assertThat(manager.getIds()).containsExactly("x");
      assertThat(registration.state().active()).isTrue();
    }

    @Test
    void hasAnotherKeyEachTimeUnlessItIsGivenOne() {
      BackgroundFetchOptions keyed = NONE.withIdempotencyKey("order-4711");

      manager.fetch("a", ONE);
      manager.fetch("b", ONE);
      String first = manager.fetch("c", ONE, keyed).uid();
      String second = manager.fetch("c", ONE, keyed).uid();

      assertThat(keys().subList(0, 2)).doesNotHaveDuplicates().doesNotContain("order-4711");
      assertThat(second).isEqualTo(first);
      assertThatThrownBy(() -> manager.fetch("d", ONE, keyed))
          .isInstanceOfSatisfying(
              BgfetchException.class, e -> assertThat(e.status()).isEqualTo(422));
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
      List<Long> times = new ArrayList<>();
      gateway.answerFirst(
          1,
          REGISTER,
          exchange -> {
            times.add(System.nanoTime());
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Retry-After", "1");
            FakeGateway.problem(exchange, 503, null, "the database does not answer, try again");
          });

      manager.fetch("x", ONE);

      assertThat(System.nanoTime() - times.get(0)).isGreaterThan(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void isRepeatedWhileThereAreTooManyActiveOnes() {
      gateway.answerFirst(
          1,
          REGISTER,
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            FakeGateway.problem(exchange, 429, null, "there are 10000 active registrations");
          });

      assertThat(manager.fetch("x", ONE).id()).isEqualTo("x");
    }

    @Test
    void isNotRepeatedWhereItIsRefused() {
      gateway.add("x", "http://h/a");

      assertThatThrownBy(() -> manager.fetch("x", ONE)).isInstanceOf(BgfetchException.class);

      assertThat(gateway.calls).hasSize(1);
    }

    @Test
    void takesItsListFromTheBeginningAgain() {
      gateway.answerFirst(1, REGISTER, FakeGateway::drop);

      BackgroundFetchRegistration registration =
          manager.fetch(
              "bulk",
              () -> IntStream.range(0, 3000).mapToObj(i -> FetchRequest.of("http://h/" + i)),
              NONE);

      assertThat(registration.state().records().total()).isEqualTo(3000);
      assertThat(gateway.registered.get(0).get(1)).isEqualTo("{\"url\":\"http://h/0\"}");
    }

    @Test
    void saysSoWhereItsListCannotBeWalkedAgain() {
      gateway.answerFirst(1, REGISTER, FakeGateway::drop);

      assertThatThrownBy(() -> manager.fetch("x", ONE.stream(), NONE))
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessageContaining("can be walked only once, so it was not sent again");
      assertThat(gateway.calls).hasSize(1);
    }

    @Test
    void repeatsEvenSuchAListThatNobodyTookYet() throws Exception {
      var both = BackgroundFetchManager.of(nobody(), gateway.address());

      assertThat(both.fetch("x", ONE.iterator(), NONE).id()).isEqualTo("x");
    }

    @Test
    void throwsWhatABodyThrowsAndRegistersNothing() {
      FetchRequest broken =
          FetchRequest.of("http://h/")
              .withMethod("PUT")
              .withBody(
                  () -> {
                    throw new IOException("no such disk");
                  });

      assertThatThrownBy(() -> manager.fetch("x", List.of(broken)))
          .hasRootCauseMessage("no such disk");
      assertThat(gateway.calls).hasSizeLessThanOrEqualTo(1);
      assertThat(gateway.registered).isEmpty();
    }

    @Test
    void maySendItsLinesInGzip() {
      var compressing = BackgroundFetchManager.builder(gateway.address()).gzip(true).build();

      compressing.fetch("x", ONE);

      assertThat(gateway.registered.get(0)).hasSize(2);
      assertThat(gateway.headers.get(0).get("Content-encoding")).containsExactly("gzip");
    }

    private List<String> keys() {
      return gateway.headers.stream().map(h -> h.get("Idempotency-key").get(0)).toList();
    }
  }

  @Nested
  class Reading {
    @Test
    void isRepeatedOverLostConnectionsAndBusyGateways() {
      gateway.add("x", "http://h/a");
      gateway.answerFirst(1, LIST, FakeGateway::drop);
      assertThat(manager.getIds()).containsExactly("x");

      gateway.answerFirst(1, LIST, e -> FakeGateway.problem(e, 503, null, "try again"));
      assertThat(manager.getIds()).containsExactly("x");

      gateway.answerFirst(1, LIST, e -> FakeGateway.send(e, 502, "text/html", "Bad Gateway"));
      assertThat(manager.getIds()).containsExactly("x");
    }

    @Test
    void endsWithTheLastFailureWhenItsTimeIsUp() {
      var impatient =
          BackgroundFetchManager.builder(gateway.address())
              .retryTimeout(Duration.ofMillis(500))
              .build();
      gateway.answer(LIST, e -> FakeGateway.problem(e, 503, null, "the database does not answer"));

      BgfetchException refusal = catchThrowableOfType(BgfetchException.class, impatient::getIds);

      assertThat(refusal.status()).isEqualTo(503);
      assertThat(gateway.calls).hasSizeBetween(2, 8);
    }

    @Test
    void waitsForAGatewayThatIsYetToStart() throws Exception {
      URI address = nobody();
      var early = BackgroundFetchManager.of(address);
      CompletableFuture<List<String>> ids = CompletableFuture.supplyAsync(early::getIds);
      gateway.add("x", "http://h/a");

      try (FakeGateway late = gateway.sibling(address.getPort())) {
        assertThat(ids).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(List.of("x"));
      }
    }
  }

  @Nested
  class Ordering {
    private final FakeFetch fetch = gateway.add("x", "http://h/a");
    private final BackgroundFetchRegistration registration = manager.find("x").orElseThrow();

    @Test
    void tellsOfTheAbortWhoseAnswerWasLost() {
      gateway.answerFirst(
          1,
          "POST /v1/fetches/" + fetch.uid() + "/abort",
          exchange -> {
            fetch.abort();
            FakeGateway.drop(exchange);
          });

      assertThat(registration.abort()).isTrue();
      assertThat(registration.abort()).isFalse();
    }

    @Test
    void clicksAtMostOnce() {
      gateway.answer("POST /v1/fetches/" + fetch.uid() + "/click", FakeGateway::drop);

      assertThatThrownBy(registration::click).isInstanceOf(GatewayUnreachableException.class);

      assertThat(gateway.calls.stream().filter(call -> call.endsWith("/click"))).hasSize(1);
    }

    @Test
    void retriesUnderAKeyOfItsOwn() {
      fetch.performAll();
      registration.retry("again");

      assertThat(gateway.headers.get(1).get("Idempotency-key")).hasSize(1);
    }
  }

  @Nested
  class WithSeveralGateways {
    private final FakeGateway second = gateway.sibling();
    private final BackgroundFetchManager both =
        BackgroundFetchManager.of(gateway.address(), second.address());

    @AfterEach
    void stop() {
      both.close();
      second.close();
    }

    @Test
    void goesOnWithTheNextOneAndStaysThere() {
      both.fetch("a", ONE);
      gateway.close();

      both.fetch("b", ONE);
      both.fetch("c", ONE);

      assertThat(both.getIds()).containsExactly("c", "b", "a");
      assertThat(gateway.calls).hasSize(1);
      assertThat(second.calls).hasSize(3);
    }

    @Test
    void comesBackToTheFirstWhenTheSecondIsLost() {
      gateway.answerFirst(1, LIST, e -> FakeGateway.problem(e, 503, null, "no database"));
      both.getIds();
      assertThat(second.calls).hasSize(1);
      second.close();

      assertThat(both.getIds()).isEmpty();
    }

    @Test
    void namesAllOfThemWhenNoneCanBeReached() {
      gateway.close();
      second.close();
      var impatient =
          BackgroundFetchManager.builder(gateway.address(), second.address())
              .retryTimeout(Duration.ZERO)
              .build();

      assertThatThrownBy(impatient::getIds)
          .hasMessage(
              "no gateway at %s, %s: connection refused", gateway.address(), second.address());
    }
  }

  @Nested
  class WhenItIsClosed {
    @Test
    void endsCallsThatWait() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      gateway.answer(
          LIST,
          exchange -> {
            asked.countDown();
            await(release);
          });
      CompletableFuture<List<String>> ids = CompletableFuture.supplyAsync(manager::getIds);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      manager.close();

      assertThat(ids)
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .havingRootCause()
          .withMessage("the client is closed");
      release.countDown();
    }

    @Test
    void takesNoCallsAnyMore() {
      manager.close();

      assertThatThrownBy(manager::getIds).isInstanceOf(IllegalStateException.class);
    }
  }

  private static URI nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
