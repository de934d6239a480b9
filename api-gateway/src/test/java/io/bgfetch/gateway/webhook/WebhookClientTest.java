package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookClientTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Origin receiver = Origin.start();
  private EgressGuard guard;
  private WebhookClient client;

  @BeforeEach
  void open() throws Exception {
    EgressSettings egress =
        EgressSettings.from(
            Settings.of(Map.of("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8"), new Properties()));
    guard = EgressGuard.open(egress.allow());
    client =
        new WebhookClient(
            vertx,
            egress,
            guard,
            2,
            new WebhookClient.Deadlines(Duration.ofSeconds(5), Duration.ofMillis(1_500)),
            InstantSource.fixed(NOW));
    await(client.start());
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
    assertThat(post(receiver.url("/never")))
        .isEqualTo(new Attempt.Unanswered("no answer within 1500 ms"));
  }

  @Test
  void readsHardlyAnythingOfABody() throws Exception {
    assertThat(post(receiver.url("/bytes/100000000000"))).isEqualTo(answered(200));
  }

  @Test
  void takesTheStatusWhereTheBodyStallsOrBreaks() throws Exception {
    receiver.on("/stalls", Answer.whole(new byte[100]).stallAfter(10));
    receiver.on("/breaks", Answer.whole(new byte[100]).resetAfter(10));

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
}
