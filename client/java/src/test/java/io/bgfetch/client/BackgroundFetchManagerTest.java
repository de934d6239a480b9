package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BackgroundFetchManagerTest {
  private static final BackgroundFetchOptions NONE = BackgroundFetchOptions.none();

  private final FakeGateway gateway = new FakeGateway();
  private final BackgroundFetchManager manager = BackgroundFetchManager.of(gateway.address());

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Nested
  class Registering {
    @Test
    void sendsTheHeadAndThenOneRequestALine() {
      manager.fetch(
          "my-fetch",
          List.of(
              FetchRequest.of("/ep-5.mp3"),
              FetchRequest.of("/up").withMethod("POST").withHeader("X-A", "1").withBody("text"),
              FetchRequest.of("/raw").withMethod("PUT").withBody(new byte[] {0, 1, 2})),
          NONE.withBase(URI.create("https://example.com/"))
              .withTitle("Episode 5")
              .withDownloadTotal(62914560)
              .withRetryStatuses(429, 503));

      assertThat(gateway.registered)
          .containsExactly(
              List.of(
                  """
                  {"id":"my-fetch","base":"https://example.com/","options":{"title":"Episode 5",\
                  "downloadTotal":62914560,"retry":{"statuses":[429,503]}}}\
                  """,
                  "{\"url\":\"/ep-5.mp3\"}",
                  "{\"url\":\"/up\",\"method\":\"POST\",\"headers\":{\"X-A\":\"1\"},\"body\":\"text\"}",
                  "{\"url\":\"/raw\",\"method\":\"PUT\",\"bodyBase64\":\"AAEC\"}"));
      assertThat(gateway.headers.get(0).get("Content-type"))
          .containsExactly("application/x-ndjson");
      assertThat(gateway.headers.get(0)).doesNotContainKey("Upgrade");
    }

    @Test
    void answersWithTheRegistration() {
      var registration =
          manager.fetch("my-fetch", Stream.of(FetchRequest.of("http://h/a")), NONE.withTitle("A"));

      assertThat(registration.id()).isEqualTo("my-fetch");
      assertThat(registration.uid()).isNotEmpty();
      assertThat(registration.state().title()).isEqualTo("A");
      assertThat(registration.state().records().total()).isEqualTo(1);
      assertThat(registration.result()).isEmpty();
    }

    @Test
    void isNeverFurtherAheadOfTheGatewayThanTheConnectionHolds() {
      AtomicLong taken = new AtomicLong();
      AtomicLong furthest = new AtomicLong();
      AtomicLong given = new AtomicLong();
      gateway.answer(
          "POST /v1/fetches",
          exchange -> {
            try (var in = new BufferedReader(new InputStreamReader(exchange.getRequestBody()))) {
              in.lines().forEach(line -> taken.incrementAndGet());
            }
            FakeGateway.problem(exchange, 429, null, "read to the end");
          });
      FetchRequest kibibyte = FetchRequest.of("http://h/" + "x".repeat(1014));
      Stream<FetchRequest> requests =
          IntStream.range(0, 60_000)
              .mapToObj(
                  i -> {
                    furthest.accumulateAndGet(given.incrementAndGet() - taken.get(), Math::max);
                    return kibibyte;
                  });

      assertThatThrownBy(() -> manager.fetch("bulk", requests, NONE))
          .isInstanceOf(BgfetchException.class);

      assertThat(taken).hasValue(60_001);
      assertThat(furthest).hasValueLessThan(20_000);
    }

    @Test
    void namesTheOffendingRequests() {
      gateway.answer(
          "POST /v1/fetches",
          exchange ->
              FakeGateway.problem(
                  exchange,
                  400,
                  "TypeError",
                  "2 requests are not valid",
                  problem -> {
                    var errors = problem.putArray("errors");
                    errors.addObject().put("index", 0).put("detail", "no scheme");
                    errors.addObject().put("index", 7).put("detail", "bad port");
                  }));

      var refusal =
          catchThrowableOfType(
              BgfetchException.class,
              () -> manager.fetch("x", List.of(FetchRequest.of("?")), NONE));

      assertThat(refusal).hasMessage("2 requests are not valid");
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.name()).isEqualTo("TypeError");
      assertThat(refusal.problem().errors())
          .containsExactly(
              new Problem.RequestError(0, "no scheme"), new Problem.RequestError(7, "bad port"));
    }

    @Test
    void throwsWhatTheListThrowsAndRegistersNothing() {
      Stream<FetchRequest> requests =
          IntStream.range(0, 5000)
              .mapToObj(
                  i -> {
                    if (i == 4999) {
                      throw new IllegalStateException("line 4999");
                    }
                    return FetchRequest.of("http://h/" + i);
                  });

      assertThatThrownBy(() -> manager.fetch("x", requests, NONE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("line 4999");
      assertThat(gateway.registered).isEmpty();
    }

    @Test
    void givesUpWhenNothingIsTakenAnyMore() {
      CountDownLatch release = new CountDownLatch(1);
      gateway.answer("POST /v1/fetches", exchange -> await(release));
      var impatient =
          BackgroundFetchManager.builder(gateway.address())
              .callTimeout(Duration.ofMillis(200))
              .retryTimeout(Duration.ZERO)
              .build();
      Stream<FetchRequest> endless = Stream.generate(() -> FetchRequest.of("http://h/"));

      assertThatThrownBy(() -> impatient.fetch("x", endless, NONE))
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessageContaining("no answer in time");
      release.countDown();
    }
  }

  @Nested
  class Finding {
    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/b", "50% & more?", "ü+x", "\uD83D\uDE00"})
    void findsIdsThatCannotStandInAPathAndGoesOnByUid(String id) {
      FakeFetch fetch = gateway.add(id, "http://h/a");

      boolean aborted = manager.find(id).orElseThrow().abort();

      assertThat(aborted).isTrue();
      assertThat(gateway.calls).last().isEqualTo("POST /v1/fetches/" + fetch.uid() + "/abort");
    }

    @Test
    void findsTheLongestId() {
      String id = "\uD83D\uDE00".repeat(1024);
      gateway.add(id, "http://h/a");

      assertThat(manager.find(id)).get().extracting(BackgroundFetchRegistration::id).isEqualTo(id);
    }

    @Test
    void findsByUid() {
      FakeFetch fetch = gateway.add("a", "http://h/a");

      assertThat(manager.find(fetch.uid()).orElseThrow().id()).isEqualTo("a");
      assertThat(gateway.calls).containsExactly("GET /v1/fetches/" + fetch.uid());
    }

    @Test
    void findsNothingWhereNothingIs() {
      assertThat(manager.find("nobody")).isEmpty();
      assertThat(manager.find("019ab000-0000-7000-8000-000000000099")).isEmpty();
      assertThat(manager.get("nobody")).isEmpty();
    }

    @Test
    void getsOnlyWhatIsActive() {
      gateway.add("ended", "http://h/a").performAll();
      gateway.add("active", "http://h/a");

      assertThat(manager.get("ended")).isEmpty();
      assertThat(manager.get("active")).isPresent();
      assertThat(manager.find("ended")).isPresent();
    }

    @Test
    void listsEveryPage() {
      IntStream.range(0, 1003).forEach(i -> gateway.add("id-" + i, "http://h/a"));

      assertThat(manager.getIds()).hasSize(1003).first().isEqualTo("id-1002");
      assertThat(gateway.calls)
          .containsExactly(
              "GET /v1/fetches?limit=1000&active=true",
              "GET /v1/fetches?limit=1000&cursor=1000&active=true");
    }

    @Test
    void showsItsKey() {
      var withKey = BackgroundFetchManager.builder(gateway.address()).apiKey("k-1").build();

      withKey.getIds();

      assertThat(gateway.headers.get(0).get("Authorization")).containsExactly("Bearer k-1");
    }
  }

  @Nested
  class WithoutAGateway {
    @Test
    void saysWhereNothingListens() throws Exception {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      var manager =
          BackgroundFetchManager.builder(URI.create("http://127.0.0.1:" + port))
              .awaitGateway(false)
              .build();

      assertThatThrownBy(manager::getIds)
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessage("no gateway at http://127.0.0.1:%d: connection refused", port);
    }

    @Test
    void tellsAnotherServerFromAGateway() {
      gateway.answer(
          "GET /v1/fetches",
          exchange -> FakeGateway.send(exchange, 404, "text/html", "<h1>It works</h1>"));

      assertThatThrownBy(manager::getIds)
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessageContaining("what answered GET /v1/fetches with 404 is not bgfetch");
    }

    @Test
    void doesNotTakeAnyJsonForARegistration() {
      gateway.answer(
          "POST /v1/fetches",
          exchange -> FakeGateway.send(exchange, 200, "application/json", "{\"ok\":true}"));

      assertThatThrownBy(() -> manager.fetch("x", List.of(), NONE))
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessageContaining("not a registration");
    }

    @Test
    void waitsNoLongerThanTheDeadline() {
      CountDownLatch release = new CountDownLatch(1);
      gateway.answer("GET /v1/fetches", exchange -> await(release));
      var impatient =
          BackgroundFetchManager.builder(gateway.address())
              .callTimeout(Duration.ofMillis(100))
              .retryTimeout(Duration.ZERO)
              .build();

      assertThatThrownBy(impatient::getIds)
          .isInstanceOf(GatewayUnreachableException.class)
          .hasMessageContaining("no answer in time");
      release.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/", "/v1", "http:///x"})
    void takesOnlyWebAddresses(String address) {
      assertThatThrownBy(() -> BackgroundFetchManager.of(URI.create(address)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret key", "secret\u2013key", "secret-key\n", "secret-k\u00e9y"})
  void tellsNobodyTheKeyThatCannotBeSent(String key) {
    var builder = BackgroundFetchManager.builder(gateway.address());

    assertThatThrownBy(() -> builder.apiKey(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }
}
