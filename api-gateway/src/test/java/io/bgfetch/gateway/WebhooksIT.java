package io.bgfetch.gateway;

import static io.bgfetch.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks from their making to what receivers get; waits of the schedule are cut short in SQL. */
@WithBackends
class WebhooksIT {

  private static final String SHOP = "shop-key-0123456789";
  private static final String REPORTS = "reports-key-0123456789";
  private static final JsonArray ALL =
      JsonArray.of(
          "backgroundfetchsuccess",
          "backgroundfetchfail",
          "backgroundfetchabort",
          "backgroundfetchclick");

  @TempDir static Path data;
  static RunningGateway gateway;
  static Origin origin;
  static String postgres;
  static String kafka;
  static final AtomicInteger NUMBERS = new AtomicInteger();

  @BeforeAll
  static void start(TestBackends backends) {
    origin = Origin.start();
    postgres = backends.freshDatabase();
    kafka = backends.freshKafka();
    gateway = startGateway();
  }

  private static RunningGateway startGateway() {
    return RunningGateway.start(
        postgres,
        kafka,
        data,
        Map.of(
            "BGFETCH_API_KEYS",
            "shop:%s, reports:%s".formatted(SHOP, REPORTS),
            "BGFETCH_EGRESS_ALLOW",
            "127.0.0.0/8"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    origin.close();
  }

  /** What a receiver got. */
  record Received(MultiMap headers, String body) {
    String id() {
      return headers.get("webhook-id");
    }

    JsonObject json() {
      return new JsonObject(body);
    }

    void verify(String secret) throws WebhookVerificationException {
      try {
        new Webhook(secret)
            .verify(
                body,
                Map.of(
                    "webhook-id", List.of(id()),
                    "webhook-timestamp", List.of(headers.get("webhook-timestamp")),
                    "webhook-signature", List.of(headers.get("webhook-signature"))));
      } catch (com.standardwebhooks.exceptions.EmptyWebhookSecretException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A webhook of a tenant and the receiver behind it. */
  private static final class Receiver {

    private final String key;
    private final String id;
    private final String secret;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    @SafeVarargs
    Receiver(String key, JsonArray events, Handler<HttpServerRequest>... answers) {
      String path = "/hook-" + NUMBERS.incrementAndGet();
      Handler<HttpServerRequest> answer = Answer.inTurn(answers);
      origin.on(
          path,
          request ->
              request
                  .body()
                  .onSuccess(
                      body -> {
                        received.add(new Received(request.headers(), body.toString()));
                        answer.handle(request);
                      }));
      JsonObject made = created(key, origin.url(path), events);
      this.key = key;
      this.id = made.getString("id");
      this.secret = made.getString("secret");
    }

    /** What came, once there is so much. */
    List<Received> awaitReceived(int count) {
      eventually().until(() -> received.size() >= count);
      return List.copyOf(received);
    }

    JsonObject read() {
      return json(call(key, "GET", "/v1/webhooks/" + id, null));
    }

    JsonObject change(JsonObject change) {
      HttpResponse<String> answer = call(key, "PATCH", "/v1/webhooks/" + id, change);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return json(answer);
    }

    List<JsonObject> log() {
      JsonObject page = json(call(key, "GET", "/v1/webhooks/" + id + "/deliveries", null));
      return page.getJsonArray("deliveries").stream().map(JsonObject.class::cast).toList();
    }

    /** The newest delivery, once it says so. */
    JsonObject awaitLogged(String member, Object value) {
      eventually().until(() -> !log().isEmpty() && value.equals(log().getFirst().getValue(member)));
      return log().getFirst();
    }

    /** Deliveries that say so. */
    List<JsonObject> logged(String member, Object value) {
      return log().stream().filter(one -> value.equals(one.getValue(member))).toList();
    }

    /** Moves the clock of the schedule to where the next attempt is due. */
    void hurry() {
      gateway.sql(
          "UPDATE webhook_delivery SET due_at = now() WHERE state = 'waiting' AND webhook = '%s'"
              .formatted(id));
    }

    HttpResponse<String> redeliver(String delivery) {
      return call(
          key, "POST", "/v1/webhooks/" + id + "/deliveries/" + delivery + "/redeliver", null);
    }
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30));
  }

  /** A failure after which nothing comes by itself while a test runs. */
  private static Answer failure(int status) {
    return Answer.status(status).header("Retry-After", "3600");
  }

  private static Receiver receiver(Answer... answers) {
    return new Receiver(SHOP, ALL, answers);
  }

  private static HttpResponse<String> call(
      String key, String method, String path, JsonObject body) {
    return text(key, method, path, body == null ? null : body.encode());
  }

  private static HttpResponse<String> text(String key, String method, String path, String body) {
    HttpRequest.Builder request =
        gateway
            .request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return gateway.send(request.build());
  }

  private static JsonObject created(String key, String url, JsonArray events) {
    HttpResponse<String> answer =
        call(key, "POST", "/v1/webhooks", new JsonObject().put("url", url).put("events", events));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer);
  }

  private static void delete(Receiver receiver) {
    assertThat(call(receiver.key, "DELETE", "/v1/webhooks/" + receiver.id, null).statusCode())
        .isEqualTo(204);
  }

  private static String registered(String key) {
    JsonObject registration =
        new JsonObject()
            .put("id", "fetch-" + NUMBERS.incrementAndGet())
            .put("requests", "http://nowhere.example/");
    return json(call(key, "POST", "/v1/fetches", registration)).getString("uid");
  }

  /** Registers something and aborts it: one end event. */
  private static String aborted(String key) {
    String uid = registered(key);
    assertThat(call(key, "POST", "/v1/fetches/" + uid + "/abort", null).statusCode())
        .isEqualTo(200);
    return uid;
  }

  /** As a shard would end it. */
  private static void end(String uid, String result, String reason, int failed) {
    gateway.sql(
        """
        UPDATE registration
           SET result = '%s', failure_reason = '%s', settled = total, failed = %d,
               succeeded = total - %3$d, version = version + 1, end_version = version + 1,
               ended_at = now(), expires_at = now() + interval '1 day'
         WHERE uid = '%s'
        """
            .formatted(result, reason, failed, uid));
  }

  @Nested
  class ADelivery {

    @Test
    void isSignedSoThatTheLibraryOfTheStandardVerifiesIt() throws Exception {
      Receiver receiver = receiver(Answer.status(204));

      String uid = aborted(SHOP);
      Received got = receiver.awaitReceived(1).getFirst();

      got.verify(receiver.secret);
      Received changed = new Received(got.headers(), got.body().replace("abort", "success"));
      assertThatThrownBy(() -> changed.verify(receiver.secret))
          .isInstanceOf(WebhookVerificationException.class);
      assertThat(got.headers().get("content-type")).isEqualTo("application/json");
      assertThat(got.headers().get("user-agent")).startsWith("bgfetch/");
      delete(receiver);
      assertThat(uid).isEqualTo(got.json().getJsonObject("data").getString("uid"));
    }

    @Test
    void hasTheRegistrationAndTheIdOfTheEventOnTheTopic() {
      Receiver receiver = receiver(Answer.status(200));

      String uid = aborted(SHOP);
      Received got = receiver.awaitReceived(1).getFirst();
      JsonObject registration = json(call(SHOP, "GET", "/v1/fetches/" + uid, null));

      assertThat(got.json().fieldNames()).containsExactly("type", "timestamp", "data");
      assertThat(got.json().getString("type")).isEqualTo("backgroundfetchabort");
      assertThat(got.json().getString("timestamp")).isEqualTo(registration.getString("endedAt"));
      assertThat(got.json().getJsonObject("data")).isEqualTo(registration);
      assertThat(got.id()).isEqualTo(uid + ":" + registration.getLong("version") + ":abort");
      delete(receiver);
    }

    @Test
    void isMadeOfEveryEndAndOfAClick() {
      Receiver receiver = receiver(Answer.status(200));
      String succeeded = registered(SHOP);
      String failed = registered(SHOP);

      end(succeeded, "success", "", 0);
      end(failed, "failure", "bad-status", 1);
      call(SHOP, "POST", "/v1/fetches/" + succeeded + "/click", null);
      String aborted = aborted(SHOP);

      Set<String> told = new HashSet<>();
      receiver
          .awaitReceived(4)
          .forEach(
              got ->
                  told.add(
                      got.json().getString("type")
                          + " "
                          + got.json().getJsonObject("data").getString("uid")));
      assertThat(told)
          .containsExactlyInAnyOrder(
              "backgroundfetchsuccess " + succeeded,
              "backgroundfetchclick " + succeeded,
              "backgroundfetchfail " + failed,
              "backgroundfetchabort " + aborted);
      delete(receiver);
    }

    @Test
    void isOnlyMadeOfWhatWasAskedFor() {
      Receiver receiver =
          new Receiver(SHOP, JsonArray.of("backgroundfetchclick"), Answer.status(200));

      String uid = aborted(SHOP);
      call(SHOP, "POST", "/v1/fetches/" + uid + "/click", null);
      Received got = receiver.awaitReceived(1).getFirst();

      assertThat(got.json().getString("type")).isEqualTo("backgroundfetchclick");
      assertThat(receiver.log()).hasSize(1);
      delete(receiver);
    }

    @Test
    void isMadeOnceHoweverOftenItsEventIsPublished() {
      Receiver receiver = receiver(Answer.status(200));
      String uid = aborted(SHOP);
      receiver.awaitLogged("state", "delivered");

      gateway.sql("UPDATE registration SET published_version = 0 WHERE uid = '" + uid + "'");
      eventually()
          .until(
              () ->
                  gateway.number(
                          "SELECT count(*) FROM registration WHERE published_version >= end_version"
                              + " AND uid = '"
                              + uid
                              + "'")
                      == 1);

      assertThat(receiver.log()).hasSize(1);
      assertThat(receiver.received).hasSize(1);
      delete(receiver);
    }

    @Test
    void comesAgainWithTheSameIdAndBodyUntilItIsTaken() throws Exception {
      Receiver receiver = receiver(failure(500), failure(302), Answer.status(200));

      aborted(SHOP);
      JsonObject failed = receiver.awaitLogged("attempts", 1);
      receiver.hurry();
      receiver.awaitLogged("attempts", 2);
      receiver.hurry();
      JsonObject delivered = receiver.awaitLogged("state", "delivered");
      List<Received> got = receiver.awaitReceived(3);

      assertThat(failed.getString("error")).isEqualTo("the receiver answered 500");
      assertThat(failed.getJsonObject("lastAttempt").getInteger("status")).isEqualTo(500);
      assertThat(Instant.parse(failed.getString("nextAttemptAt")))
          .isAfter(Instant.parse(failed.getJsonObject("lastAttempt").getString("at")));
      assertThat(delivered.getInteger("attempts")).isEqualTo(3);
      assertThat(delivered.getValue("error")).isNull();
      assertThat(delivered.getValue("nextAttemptAt")).isNull();
      assertThat(got.stream().map(Received::id).distinct())
          .containsExactly(delivered.getString("eventId"));
      assertThat(got.stream().map(Received::body).distinct()).hasSize(1);
      got.getLast().verify(receiver.secret);
      delete(receiver);
    }

    @Test
    void isGivenUpAfterADayAndStaysInTheLog() {
      Receiver receiver = receiver(failure(500));

      aborted(SHOP);
      receiver.awaitLogged("attempts", 1);
      gateway.sql(
          "UPDATE webhook_delivery SET tries = 8, due_at = now() WHERE webhook = '%s'"
              .formatted(receiver.id));

      JsonObject failed = receiver.awaitLogged("state", "failed");
      assertThat(failed.getValue("nextAttemptAt")).isNull();
      assertThat(failed.getInteger("attempts")).isEqualTo(2);
      delete(receiver);
    }

    @Test
    void waitsAsLongAsTheReceiverAsksAndSoDoesEverythingForIt() {
      Receiver receiver =
          receiver(Answer.status(429).header("Retry-After", "600"), Answer.status(200));

      aborted(SHOP);
      JsonObject refused = receiver.awaitLogged("attempts", 1);
      String second = aborted(SHOP);
      eventually().until(() -> receiver.log().size() == 2);
      Receiver other = receiver(Answer.status(200));
      aborted(SHOP);
      other.awaitReceived(1); // looked for what is due since

      assertThat(Instant.parse(refused.getString("nextAttemptAt")))
          .isAfter(Instant.now().plus(9, ChronoUnit.MINUTES));
      assertThat(receiver.received).hasSize(1);

      JsonObject waiting =
          receiver.log().stream()
              .filter(delivery -> delivery.getString("eventId").startsWith(second))
              .findFirst()
              .orElseThrow();
      assertThat(receiver.redeliver(waiting.getString("id")).statusCode()).isEqualTo(202);
      receiver.awaitReceived(2); // a client's order is stronger
      delete(receiver);
      delete(other);
    }

    @Test
    void doesNotWaitForReceiversThatNeverAnswer() {
      List<Receiver> silent =
          Stream.generate(() -> new Receiver(SHOP, ALL, request -> {})).limit(10).toList();
      aborted(SHOP);
      silent.forEach(one -> one.awaitReceived(1));
      Receiver other = receiver(Answer.status(200)); // at the same host

      aborted(SHOP);
      aborted(SHOP);

      other.awaitReceived(2);
      eventually().until(() -> other.logged("state", "delivered").size() == 2);
      assertThat(other.logged("attempts", 1)).hasSize(2);
      silent.forEach(WebhooksIT::delete);
      delete(other);
    }

    @Test
    void holdsUpNoOtherWhereItCannotBeSentAtAll() {
      Receiver broken = receiver(Answer.status(200));
      gateway.sql("UPDATE webhook SET url = 'no url' WHERE id = '" + broken.id + "'");

      aborted(SHOP);
      JsonObject failed = broken.awaitLogged("error", "it could not be sent");
      Receiver other = receiver(Answer.status(200));
      aborted(SHOP);

      other.awaitReceived(1);
      assertThat(failed.getString("state")).isEqualTo("waiting");
      delete(broken);
      delete(other);
    }

    @Test
    void goesNowhereThatTheAddressRulesForbid() {
      JsonObject loopback = created(SHOP, "http://[::1]:" + origin.port() + "/guarded", ALL);
      JsonObject metadata = created(SHOP, "http://169.254.169.254/latest", ALL);

      aborted(SHOP);

      for (JsonObject made : List.of(loopback, metadata)) {
        String log = "/v1/webhooks/" + made.getString("id") + "/deliveries";
        eventually()
            .until(() -> json(call(SHOP, "GET", log, null)).encode().contains("\"attempts\":1"));
        JsonObject delivery =
            json(call(SHOP, "GET", log, null)).getJsonArray("deliveries").getJsonObject(0);
        assertThat(delivery.getString("error"))
            .containsIgnoringCase(made == loopback ? "loopback" : "cloud metadata");
        assertThat(delivery.getJsonObject("lastAttempt").getValue("status")).isNull();
        call(SHOP, "DELETE", "/v1/webhooks/" + made.getString("id"), null);
      }
      assertThat(origin.requests("/guarded")).isZero();
    }
  }

  @Nested
  class WhenAGatewayStopsOrDies {

    @Test
    void whatItWasSendingIsSentByAnotherOneWithTheSameId() {
      Receiver receiver = new Receiver(SHOP, ALL, request -> {}, Answer.status(200));
      aborted(SHOP);
      receiver.awaitReceived(1);

      gateway.stop();
      gateway = startGateway();
      List<Received> got = receiver.awaitReceived(2);

      assertThat(got.get(1).id()).isEqualTo(got.get(0).id());
      assertThat(got.get(1).body()).isEqualTo(got.get(0).body());
      receiver.awaitLogged("state", "delivered");
      delete(receiver);
    }

    @Test
    void whatADeadOneHadTakenIsSentWhenItsLeaseIsOver() {
      Receiver receiver = receiver(failure(500), Answer.status(200));
      aborted(SHOP);
      receiver.awaitLogged("attempts", 1);
      gateway.sql(
          """
          UPDATE webhook_delivery SET lease = gen_random_uuid(), due_at = now() + interval '1 minute'
           WHERE webhook = '%s'
          """
              .formatted(receiver.id));
      assertThat(receiver.log().getFirst().getValue("nextAttemptAt")).isNull();

      receiver.hurry();

      List<Received> got = receiver.awaitReceived(2);
      assertThat(got.get(1).id()).isEqualTo(got.get(0).id());
      delete(receiver);
    }
  }

  @Nested
  class ASecret {

    @Test
    void isToldOnceAndStandsNowhereInTheClear() {
      Receiver receiver = receiver(Answer.status(200));
      byte[] bytes =
          java.util.Base64.getDecoder().decode(receiver.secret.substring("whsec_".length()));

      assertThat(receiver.secret).startsWith("whsec_");
      assertThat(bytes).hasSizeBetween(24, 64);
      assertThat(receiver.read().containsKey("secret")).isFalse();
      assertThat(call(SHOP, "GET", "/v1/webhooks", null).body()).doesNotContain("whsec_");
      assertThat(String.join(" ", gateway.texts("SELECT w::text FROM webhook AS w")))
          .doesNotContain(receiver.secret.substring("whsec_".length()));
      delete(receiver);
    }

    @Test
    void signsAlongForADayAfterItWasReplaced() throws Exception {
      Receiver receiver = receiver(Answer.status(200));

      JsonObject rotated = receiver.change(new JsonObject().put("rotateSecret", true));
      aborted(SHOP);
      Received both = receiver.awaitReceived(1).getFirst();
      gateway.sql("UPDATE webhook SET previous_until[1] = now() WHERE id = '" + receiver.id + "'");
      aborted(SHOP);
      Received one = receiver.awaitReceived(2).get(1);

      String next = rotated.getString("secret");
      assertThat(next).startsWith("whsec_").isNotEqualTo(receiver.secret);
      assertThat(both.headers().get("webhook-signature").split(" ")).hasSize(2);
      both.verify(receiver.secret);
      both.verify(next);
      one.verify(next);
      assertThatThrownBy(() -> one.verify(receiver.secret))
          .isInstanceOf(WebhookVerificationException.class);
      assertThat(Instant.parse(rotated.getString("previousSecretUntil")))
          .isBetween(
              Instant.now().plus(23, ChronoUnit.HOURS), Instant.now().plus(24, ChronoUnit.HOURS));
      delete(receiver);
    }

    @Test
    void signsAlongForItsDayHoweverOftenItIsReplaced() throws Exception {
      Receiver receiver = receiver(Answer.status(200));
      JsonObject rotate = new JsonObject().put("rotateSecret", true);

      String second = receiver.change(rotate).getString("secret");
      String third = receiver.change(rotate).getString("secret");
      aborted(SHOP);
      Received got = receiver.awaitReceived(1).getFirst();

      assertThat(got.headers().get("webhook-signature").split(" ")).hasSize(3);
      for (String secret : List.of(receiver.secret, second, third)) {
        got.verify(secret);
      }
      for (int more = 0; more < 10; more++) {
        receiver.change(rotate);
      }
      aborted(SHOP);
      assertThat(receiver.awaitReceived(2).get(1).headers().get("webhook-signature").split(" "))
          .hasSize(9);
      delete(receiver);
    }
  }

  @Nested
  class ADisabledWebhook {

    @Test
    void isOneWhoseReceiverIsGone() {
      Receiver receiver = receiver(Answer.status(410), Answer.status(200));

      aborted(SHOP);
      JsonObject failed = receiver.awaitLogged("state", "failed");
      Receiver other = receiver(Answer.status(200));
      aborted(SHOP);
      other.awaitReceived(1);

      assertThat(failed.getString("error")).isEqualTo("the receiver answered 410");
      assertThat(receiver.read().getBoolean("enabled")).isFalse();
      assertThat(receiver.read().getString("disabledReason")).isEqualTo("gone");
      assertThat(receiver.log()).hasSize(1);
      assertThat(receiver.redeliver(failed.getString("id")).statusCode()).isEqualTo(409);

      receiver.change(new JsonObject().put("enabled", true));
      aborted(SHOP);
      receiver.awaitReceived(2);
      delete(receiver);
      delete(other);
    }

    @Test
    void isSentWhatWaitedOnceItIsEnabledAgain() {
      Receiver receiver = receiver(failure(500), Answer.status(200));
      aborted(SHOP);
      receiver.awaitLogged("attempts", 1);

      JsonObject off = receiver.change(new JsonObject().put("enabled", false));
      receiver.hurry();
      Receiver other = receiver(Answer.status(200));
      aborted(SHOP); // not kept for the one that is disabled
      other.awaitReceived(1);
      assertThat(receiver.received).hasSize(1);
      receiver.change(new JsonObject().put("enabled", true));

      assertThat(receiver.awaitLogged("state", "delivered").getInteger("attempts")).isEqualTo(2);
      assertThat(off.getString("disabledReason")).isEqualTo("requested");
      assertThat(receiver.log()).hasSize(1);
      delete(receiver);
      delete(other);
    }
  }

  @Nested
  class TheLog {

    @Test
    void sendsWhatWasDeliveredOrGivenUpOnceMoreWithTheSameId() {
      Receiver receiver = receiver(Answer.status(200));
      aborted(SHOP);
      String id = receiver.awaitLogged("state", "delivered").getString("id");

      HttpResponse<String> answer = receiver.redeliver(id);
      receiver.awaitLogged("attempts", 2);
      gateway.sql("UPDATE webhook_delivery SET state = 'failed' WHERE id = '" + id + "'");
      receiver.redeliver(id);
      receiver.awaitLogged("attempts", 3);

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(json(answer).getString("state")).isEqualTo("waiting");
      assertThat(receiver.received.stream().map(Received::id).distinct()).hasSize(1);
      assertThat(receiver.log().getFirst().getString("state")).isEqualTo("delivered");
      delete(receiver);
    }

    @Test
    void keepsAnOrderThatCameDuringTheLastAttempt() throws Exception {
      CompletableFuture<HttpServerRequest> last = new CompletableFuture<>();
      Receiver receiver = new Receiver(SHOP, ALL, failure(500), last::complete, Answer.status(200));
      aborted(SHOP);
      String id = receiver.awaitLogged("attempts", 1).getString("id");
      gateway.sql("UPDATE webhook_delivery SET tries = 8 WHERE id = '" + id + "'");
      receiver.hurry();
      HttpServerRequest underWay = last.get(30, TimeUnit.SECONDS);

      HttpResponse<String> answer = receiver.redeliver(id);
      failure(500).handle(underWay);

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(receiver.awaitLogged("state", "delivered").getInteger("attempts")).isEqualTo(3);
      delete(receiver);
    }

    @Test
    void isReadInPagesFromTheNewestOnAndByState() {
      Receiver receiver = receiver(failure(500), Answer.status(200));
      String first = aborted(SHOP);
      receiver.awaitLogged("attempts", 1);
      String second = aborted(SHOP);
      eventually().until(() -> receiver.log().size() == 2);
      receiver.awaitLogged("state", "delivered");
      String third = aborted(SHOP);
      eventually().until(() -> receiver.log().size() == 3);
      receiver.awaitLogged("state", "delivered");

      String path = "/v1/webhooks/" + receiver.id + "/deliveries?limit=2";
      JsonObject page = json(call(SHOP, "GET", path, null));
      JsonObject last = json(call(SHOP, "GET", path + "&cursor=" + page.getString("next"), null));

      assertThat(uids(page)).containsExactly(third, second);
      assertThat(uids(last)).containsExactly(first);
      assertThat(last.getValue("next")).isNull();
      assertThat(uids(json(call(SHOP, "GET", path + "&state=delivered", null))))
          .containsExactly(third, second);
      assertThat(uids(json(call(SHOP, "GET", path + "&state=waiting", null))))
          .containsExactly(first);
      assertThat(uids(json(call(SHOP, "GET", path + "&state=failed", null)))).isEmpty();
      assertThat(call(SHOP, "GET", path + "&state=lost", null).statusCode()).isEqualTo(400);
      assertThat(call(SHOP, "GET", path + "&cursor=x", null).statusCode()).isEqualTo(400);
      delete(receiver);
    }

    private static List<String> uids(JsonObject page) {
      return page.getJsonArray("deliveries").stream()
          .map(JsonObject.class::cast)
          .map(delivery -> delivery.getString("eventId").split(":")[0])
          .toList();
    }
  }

  @Nested
  class Keeping {

    @Test
    void aWebhookIsReadChangedAndDeleted() {
      HttpResponse<String> made =
          call(
              SHOP,
              "POST",
              "/v1/webhooks",
              new JsonObject().put("url", "HTTP://Receiver.example:80/a/../b").put("events", ALL));
      String path = made.headers().firstValue("Location").orElseThrow();

      JsonObject read = json(call(SHOP, "GET", path, null));
      JsonObject changed =
          json(
              call(
                  SHOP,
                  "PATCH",
                  path,
                  new JsonObject()
                      .put("url", "https://receiver.example/c")
                      .put("events", JsonArray.of("backgroundfetchfail", "backgroundfetchfail"))));
      int deleted = call(SHOP, "DELETE", path, null).statusCode();

      assertThat(read.getString("url")).isEqualTo("http://receiver.example/b");
      assertThat(read.getBoolean("enabled")).isTrue();
      assertThat(read.getJsonArray("events")).isEqualTo(ALL);
      assertThat(changed.getString("url")).isEqualTo("https://receiver.example/c");
      assertThat(changed.getJsonArray("events")).containsExactly("backgroundfetchfail");
      assertThat(deleted).isEqualTo(204);
      assertThat(call(SHOP, "GET", path, null).statusCode()).isEqualTo(404);
      assertThat(call(SHOP, "PATCH", path, new JsonObject()).statusCode()).isEqualTo(404);
      assertThat(call(SHOP, "GET", path + "/deliveries", null).statusCode()).isEqualTo(404);
      assertThat(call(SHOP, "DELETE", path, null).statusCode()).isEqualTo(204);
    }

    @Test
    void aTenantHasSixteenAtMost() {
      List<String> made = new ArrayList<>();
      JsonArray events = JsonArray.of("backgroundfetchclick");
      for (int i = 0; i < 16; i++) {
        made.add(created(REPORTS, "http://receiver.example/" + i, events).getString("id"));
      }
      JsonObject one =
          new JsonObject().put("url", "http://receiver.example/x").put("events", events);

      HttpResponse<String> tooMany = call(REPORTS, "POST", "/v1/webhooks", one);
      List<String> listed = new ArrayList<>();
      String path = "/v1/webhooks?limit=10";
      JsonObject page = json(call(REPORTS, "GET", path, null));
      page.getJsonArray("webhooks").forEach(w -> listed.add(((JsonObject) w).getString("id")));
      json(call(REPORTS, "GET", path + "&cursor=" + page.getString("next"), null))
          .getJsonArray("webhooks")
          .forEach(w -> listed.add(((JsonObject) w).getString("id")));
      call(REPORTS, "DELETE", "/v1/webhooks/" + made.getFirst(), null);
      HttpResponse<String> fits = call(REPORTS, "POST", "/v1/webhooks", one);

      assertThat(tooMany.statusCode()).isEqualTo(429);
      assertThat(json(tooMany).getString("detail")).contains("16 webhooks");
      assertThat(listed).containsExactlyElementsOf(made.reversed());
      assertThat(fits.statusCode()).isEqualTo(201);
      made.set(0, json(fits).getString("id"));
      made.forEach(id -> call(REPORTS, "DELETE", "/v1/webhooks/" + id, null));
    }

    @Test
    void aTenantNeitherSeesNorHearsAnythingOfAnother() {
      Receiver theirs = new Receiver(REPORTS, ALL, Answer.status(200));
      Receiver ours = receiver(Answer.status(200));

      aborted(SHOP);
      JsonObject delivery = ours.awaitLogged("state", "delivered");

      String path = "/v1/webhooks/" + ours.id;
      String log = path + "/deliveries";
      String order = log + "/" + delivery.getString("id") + "/redeliver";
      assertThat(call(REPORTS, "GET", path, null).statusCode()).isEqualTo(404);
      assertThat(call(REPORTS, "PATCH", path, new JsonObject()).statusCode()).isEqualTo(404);
      assertThat(call(REPORTS, "GET", log, null).statusCode()).isEqualTo(404);
      assertThat(call(REPORTS, "POST", order, null).statusCode()).isEqualTo(404);
      assertThat(call(REPORTS, "DELETE", path, null).statusCode()).isEqualTo(204);
      assertThat(call(REPORTS, "GET", "/v1/webhooks", null).body()).doesNotContain(ours.id);
      assertThat(ours.read().getString("id")).isEqualTo(ours.id);
      assertThat(theirs.log()).isEmpty();
      assertThat(gateway.get("/v1/webhooks").statusCode()).isEqualTo(401);
      delete(ours);
      delete(theirs);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "no JSON | the body is not a JSON object",
          "[] | the body is not a JSON object",
          "{\"events\": [\"backgroundfetchfail\"]} | url: is missing",
          "{\"url\": \"http://a.example/\"} | events: is missing",
          "{\"url\": 1, \"events\": [\"backgroundfetchfail\"]} | url: is not a string",
          "{\"url\": \"/a\", \"events\": [\"backgroundfetchfail\"]} | url: ",
          "{\"url\": \"ftp://a.example/\", \"events\": [\"backgroundfetchfail\"]} | url: is not"
              + " http or https",
          "{\"url\": \"http://u:p@a.example/\", \"events\": [\"backgroundfetchfail\"]} | url: has a"
              + " user or a password",
          "{\"url\": \"http://a.example:25/\", \"events\": [\"backgroundfetchfail\"]} | url: port"
              + " 25 is not allowed",
          "{\"url\": \"http://a.example/\", \"events\": []} | events: is empty",
          "{\"url\": \"http://a.example/\", \"events\": [\"progress\"]} | events: has something"
              + " that is none of",
          "{\"url\": \"http://a.example/\", \"events\": [null]} | events: has something that is"
              + " none of",
          "{\"url\": \"http://a.example/\", \"events\": [\"backgroundfetchfail\"], \"secret\":"
              + " \"x\"} | secret: there is no such member"
        })
    void whatIsWrongIsNamed(String body, String detail) {
      HttpResponse<String> answer = text(SHOP, "POST", "/v1/webhooks", body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(json(answer).getString("detail")).startsWith(detail);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"enabled\": 1}",
          "{\"enabled\": null}",
          "{\"rotateSecret\": \"yes\"}",
          "{\"events\": []}",
          "{\"url\": \"x\"}",
          "{\"tenant\": \"reports\"}"
        })
    void aWrongChangeChangesNothing(String change) {
      Receiver receiver = receiver(Answer.status(200));
      JsonObject before = receiver.read();

      HttpResponse<String> answer = text(SHOP, "PATCH", "/v1/webhooks/" + receiver.id, change);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getString("name")).isEqualTo("TypeError");
      assertThat(receiver.read()).isEqualTo(before);
      delete(receiver);
    }

    @ParameterizedTest
    @CsvSource({
      "GET, /v1/webhooks/x, 404",
      "GET, /v1/webhooks/019ab3c2-5d1e-7c7a-9b3e-0d8f2a6b4c10, 404",
      "DELETE, /v1/webhooks/x, 204",
      "PUT, /v1/webhooks, 405",
      "GET, /v1/webhooks?limit=0, 400",
      "GET, /v1/webhooks?cursor=x, 400",
      "POST, /v1/webhooks/019ab3c2-5d1e-7c7a-9b3e-0d8f2a6b4c10/deliveries/x/redeliver, 404"
    })
    void whatIsNotThereIsAnsweredAsElsewhere(String method, String path, int status) {
      assertThat(call(SHOP, method, path, null).statusCode()).isEqualTo(status);
    }

    @Test
    void aBodyOfAnotherKindIsRefused() {
      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .request("/v1/webhooks")
                  .header("Authorization", "Bearer " + SHOP)
                  .header("Content-Type", "text/plain")
                  .POST(BodyPublishers.ofString("{}"))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(415);
      assertThatCode(() -> json(answer)).doesNotThrowAnyException();
    }
  }
}
