package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.egress.HostNames;
import io.bgfetch.egress.UnknownHost;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.ConnectProxy;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestAuthority;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WebhookClientTest {

  /** Where no test waits for it. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Origin receiver = Origin.start();
  private EgressGuard guard;
  private WebhookClient client;

  @BeforeEach
  void open() throws Exception {
    open(Map.of(), LONG);
  }

  private void open(Map<String, String> more, Duration deadline) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");
    EgressSettings egress = EgressSettings.from(Settings.of(settings, new Properties()));
    guard = EgressGuard.open(egress.allow(), new TestNames());
    client =
        new WebhookClient(
            vertx,
            egress,
            guard,
            2,
            new WebhookClient.Deadlines(LONG, deadline),
            InstantSource.fixed(NOW));
    await(client.start());
  }

  private void openAnew(Map<String, String> more, Duration deadline) throws Exception {
    await(client.stop());
    guard.close();
    open(more, deadline);
  }

  /** Every name under test is this machine. */
  private static final class TestNames implements HostNames {

    @Override
    public Future<List<InetAddress>> addressesOf(String host) {
      return host.endsWith(".test")
          ? Future.succeededFuture(List.of(InetAddress.getLoopbackAddress()))
          : Future.failedFuture(new UnknownHost(host));
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() throws Exception {
    await(client.stop());
    guard.close();
    await(vertx.close());
    receiver.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Attempt post(String url) throws Exception {
    return await(
        Future.future(
            promise ->
                vertx.runOnContext(
                    now ->
                        client
                            .post(
                                url,
                                HttpHeaders.headers().set("webhook-id", "a"),
                                Buffer.buffer("{}"))
                            .onComplete(promise))));
  }

  private static Attempt answered(int status) {
    return new Attempt.Answered(status, null);
  }

  @Test
  void tellsTheStatus() throws Exception {
    assertThat(post(receiver.url("/status/202"))).isEqualTo(answered(202));
    assertThat(receiver.heads().getFirst().method()).isEqualTo("POST");
    assertThat(receiver.heads().getFirst().headers().get("webhook-id")).isEqualTo("a");
  }

  @Test
  void doesNotFollowARedirect() throws Exception {
    assertThat(post(receiver.url("/redirect/1"))).isEqualTo(answered(302));
    assertThat(receiver.requests()).isEqualTo(1);
  }

  @Test
  void tellsHowLongTheReceiverWantsToBeLeftAlone() throws Exception {
    receiver.on("/seconds", Answer.status(429).header("Retry-After", "120"));
    receiver.on("/date", Answer.status(503).header("Retry-After", "Sat, 31 Jan 2026 12:02:00 GMT"));

    assertThat(post(receiver.url("/seconds")))
        .isEqualTo(new Attempt.Answered(429, Duration.ofMinutes(2)));
    assertThat(post(receiver.url("/date")))
        .isEqualTo(new Attempt.Answered(503, Duration.ofMinutes(2)));
  }

  @Test
  void waitsNoLongerThanTheDeadlineForAnAnswer() throws Exception {
    openAnew(Map.of(), Duration.ofMillis(500));

    assertThat(post(receiver.url("/never")))
        .isEqualTo(new Attempt.Unanswered("no answer within 500 ms"));
  }

  @Test
  void readsHardlyAnythingOfABody() throws Exception {
    assertThat(post(receiver.url("/bytes/100000000000"))).isEqualTo(answered(200));
  }

  @Test
  void takesTheStatusWhereTheBodyStallsOrBreaks() throws Exception {
    receiver.on("/stalls", Answer.whole(new byte[100]).stallAfter(10));
    receiver.on("/breaks", Answer.whole(new byte[100]).resetAfter(10));
    openAnew(Map.of(), Duration.ofSeconds(3));

    assertThat(post(receiver.url("/stalls"))).isEqualTo(answered(200));
    assertThat(post(receiver.url("/breaks"))).isEqualTo(answered(200));
  }

  @Test
  void sendsAgainOverAnotherConnectionWhereOneWasClosedUnderIt() throws Exception {
    receiver.on(
        "/closing", Answer.inTurn(request -> request.connection().close(), Answer.status(204)));

    assertThat(post(receiver.url("/closing"))).isEqualTo(answered(204));
  }

  @Test
  void saysInWordsWhyThereIsNoAnswer() throws Exception {
    int free = receiver.port();
    receiver.close();

    assertThat(post("http://127.0.0.1:" + free + "/"))
        .isEqualTo(new Attempt.Unanswered("connection refused"));
  }

  @Test
  void goesNowhereThatIsNotOpened() throws Exception {
    Attempt attempt = post("http://[::1]:" + receiver.port() + "/status/200");

    assertThat(attempt)
        .isInstanceOfSatisfying(
            Attempt.Unanswered.class,
            none -> assertThat(none.why()).containsIgnoringCase("loopback"));
    assertThat(receiver.requests()).isZero();
  }

  @Test
  void saysThatAHostIsNotKnown() throws Exception {
    assertThat(post("http://nowhere.example/"))
        .isEqualTo(
            new Attempt.Unanswered(
                "host nowhere.example is unknown: the name does not exist or has no address"));
  }

  @Test
  void goesThroughTheProxyToTheAddressThatWasJudged() throws Exception {
    try (ConnectProxy proxy = new ConnectProxy()) {
      openAnew(Map.of("BGFETCH_EGRESS_PROXY", "http://127.0.0.1:" + proxy.port()), LONG);

      Attempt attempt = post("http://receiver.test:" + receiver.port() + "/status/200");

      assertThat(attempt).isEqualTo(answered(200));
      assertThat(proxy.asked()).singleElement().asString().startsWith("CONNECT 127.0.0.1:");
      assertThat(receiver.heads().getFirst().headers().get("host"))
          .isEqualTo("receiver.test:" + receiver.port());
    }
  }

  @Nested
  class OverTls {

    private final List<String> serverNames = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() throws Exception {
      TestAuthority authority = TestAuthority.shared();
      server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setHost("127.0.0.1")
                      .setSsl(true)
                      .setSni(true)
                      .setKeyCertOptions(authority.key("origin")))
              .requestHandler(
                  request -> {
                    serverNames.add(request.connection().indicatedServerName());
                    request.response().setStatusCode(204).end();
                  });
      await(server.listen(0));
      openAnew(Map.of("BGFETCH_EGRESS_CA", authority.pem()), LONG);
    }

    @Test
    void namesTheHostAndChecksItsCertificate() throws Exception {
      assertThat(post("https://origin.test:" + server.actualPort() + "/")).isEqualTo(answered(204));
      assertThat(serverNames).containsExactly("origin.test");
    }

    @Test
    void sendsNothingToWhoIsSomebodyElse() throws Exception {
      Attempt attempt = post("https://other.test:" + server.actualPort() + "/");

      assertThat(attempt)
          .isInstanceOfSatisfying(
              Attempt.Unanswered.class, none -> assertThat(none.why()).startsWith("certificate:"));
      assertThat(serverNames).isEmpty();
    }
  }
}
