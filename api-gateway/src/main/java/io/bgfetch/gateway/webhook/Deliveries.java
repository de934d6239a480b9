package io.bgfetch.gateway.webhook;

import io.bgfetch.config.Version;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.seal.SealException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends what waits for webhooks, whichever gateway left it there: at least once, and with the same
 * id and body each time. What a gateway that died had taken is sent by another one when its lease
 * is over. Lives on the gateway's context.
 */
public final class Deliveries implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  private static final int AT_ONCE = 256;
  private static final int PER_WEBHOOK = 8;
  private static final WebhookClient.Deadlines DEADLINES =
      new WebhookClient.Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(20));

  /** Who takes longer for an answer has turns as one who does not answer. */
  private static final Duration PROMPT = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LOOK_SOON = Duration.ofMillis(20);
  private static final Duration LOOK_WITHIN = Duration.ofSeconds(15);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
  private static final Duration GIVE_BACK_WITHIN = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final DueDeliveries store;
  private final WebhookSecrets secrets;
  private final EgressGuard guard;
  private final WebhookClient client;
  private final RetrySchedule schedule;
  private final DeliveryMeters meters;
  private final InstantSource clock;
  private final Turns turns = new Turns(AT_ONCE, PER_WEBHOOK);
  private final Map<Delivery, Future<Void>> underWay = new LinkedHashMap<>();
  private long timer = -1;
  private Future<Void> looking = Future.succeededFuture();
  private boolean stopped;
  private boolean failing;

  /**
   * Deliveries that nobody sends yet.
   *
   * @param egress where they may go, and by which way
   */
  public Deliveries(
      Vertx vertx,
      Pool pool,
      WebhookSecrets secrets,
      EgressSettings egress,
      MeterRegistry registry) {
    this(vertx, new PgDeliveries(pool), secrets, egress, registry);
  }

  Deliveries(
      Vertx vertx,
      DueDeliveries store,
      WebhookSecrets secrets,
      EgressSettings egress,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.store = store;
    this.secrets = secrets;
    this.clock = InstantSource.system();
    this.guard = EgressGuard.open(egress.allow());
    this.client = new WebhookClient(vertx, egress, guard, AT_ONCE, DEADLINES, clock);
    this.schedule = new RetrySchedule(new SecureRandom());
    this.meters = new DeliveryMeters(registry);
    registry.gauge("bgfetch.webhook.sending", underWay, Map::size);
  }

  @Override
  public Future<Void> start() {
    return client.start().onSuccess(open -> arm(LOOK_SOON));
  }

  private void arm(Duration pause) {
    if (!stopped) {
      timer = vertx.setTimer(pause.toMillis(), fired -> look());
    }
  }

  private void look() {
    looking =
        takeDue()
            .timeout(LOOK_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .onFailure(this::failed)
            .compose(this::took);
  }

  /** Without a client an attempt would only cost a try: what is taken while it stops goes back. */
  private Future<Void> took(List<Delivery> taken) {
    if (stopped) {
      return taken.isEmpty() ? Future.succeededFuture() : giveBack(taken);
    }
    failing = false;
    arm(taken.isEmpty() ? LOOK_EVERY : LOOK_SOON);
    taken.forEach(this::begin);
    return Future.succeededFuture();
  }

  private Future<List<Delivery>> takeDue() {
    if (turns.full()) {
      return Future.succeededFuture(List.of());
    }
    return store
        .due(turns.withoutRoom())
        .map(turns::share)
        .compose(rooms -> rooms.isEmpty() ? Future.succeededFuture(List.of()) : store.take(rooms));
  }

  /** Logged when it begins, not again for as long as it lasts. */
  private void failed(Throwable cause) {
    if (!failing && !stopped) {
      LOG.atWarn()
          .addKeyValue("cause", cause.toString())
          .log("what waits for webhooks could not be looked up, and is later");
    }
    failing = true;
    arm(LOOK_EVERY);
  }

  private void begin(Delivery delivery) {
    Turns.Turn turn = turns.begin(delivery.webhook());
    Instant at = clock.instant();
    Future<Void> done =
        attempt(delivery, at)
            .onSuccess(attempt -> turn.end(isPrompt(attempt, at)))
            .compose(attempt -> settle(delivery, attempt, at));
    underWay.put(delivery, done);
    done.onComplete(over -> underWay.remove(delivery));
  }

  private boolean isPrompt(Attempt attempt, Instant at) {
    return attempt instanceof Attempt.Answered && clock.instant().isBefore(at.plus(PROMPT));
  }

  private Future<Attempt> attempt(Delivery delivery, Instant at) {
    try {
      Buffer body = delivery.payload();
      return client.post(delivery.receiver().url(), headers(delivery, body, at), body);
    } catch (SealException notOurs) {
      return Future.succeededFuture(new Attempt.Unanswered(String.valueOf(notOurs.getMessage())));
    } catch (RuntimeException unexpected) {
      LOG.atError()
          .addKeyValue("delivery", delivery.id())
          .setCause(unexpected)
          .log("a delivery cannot be sent");
      return Future.succeededFuture(new Attempt.Unanswered("it could not be sent"));
    }
  }

  private MultiMap headers(Delivery delivery, Buffer body, Instant at) throws SealException {
    String id = delivery.eventId();
    return HttpHeaders.headers()
        .set("webhook-id", id)
        .set("webhook-timestamp", Long.toString(at.getEpochSecond()))
        .set("webhook-signature", Signatures.of(id, at, body, opened(delivery)))
        .set(HttpHeaders.CONTENT_TYPE, "application/json")
        .set(HttpHeaders.USER_AGENT, "bgfetch/" + Version.current());
  }

  /** The secrets that sign, the present one first. */
  private List<String> opened(Delivery delivery) throws SealException {
    Delivery.Receiver receiver = delivery.receiver();
    List<String> opened = new ArrayList<>();
    opened.add(secrets.open(delivery.webhook(), receiver.secret()));
    for (String previous : receiver.previousSecrets()) {
      opened.add(secrets.open(delivery.webhook(), previous));
    }
    return opened;
  }

  private Future<Void> settle(Delivery delivery, Attempt attempt, Instant at) {
    Ruling ruling = schedule.after(delivery.tries(), attempt);
    Outcome outcome = new Outcome(attempt, ruling, at, Duration.between(at, clock.instant()).abs());
    meters.ended(outcome);
    log(delivery, outcome);
    return store
        .settle(delivery, outcome)
        .onFailure(
            cause ->
                LOG.atWarn()
                    .addKeyValue("delivery", delivery.id())
                    .addKeyValue("cause", cause.toString())
                    .log("an attempt could not be noted, and is made again"));
  }

  private static void log(Delivery delivery, Outcome outcome) {
    switch (outcome.ruling()) {
      case Ruling.Delivered done -> {}
      case Ruling.Again again ->
          log(delivery, outcome, Level.DEBUG, "a delivery failed and is made again");
      case Ruling.GivenUp failed -> log(delivery, outcome, Level.INFO, "a delivery was given up");
      case Ruling.Gone gone ->
          log(delivery, outcome, Level.INFO, "a webhook was disabled, its receiver is gone");
    }
  }

  private static void log(Delivery delivery, Outcome outcome, Level level, String what) {
    LOG.atLevel(level)
        .addKeyValue("webhook", delivery.webhook())
        .addKeyValue("delivery", delivery.id())
        .addKeyValue("tries", delivery.tries() + 1)
        .addKeyValue("cause", outcome.error())
        .log(what);
  }

  private Future<Void> giveBack(List<Delivery> taken) {
    return store.giveBack(taken).timeout(GIVE_BACK_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is not over in a moment is given back, and sent by another gateway or after the start. */
  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return looking
        .otherwiseEmpty()
        .compose(looked -> Future.join(List.copyOf(underWay.values())))
        .timeout(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            ended ->
                underWay.isEmpty()
                    ? Future.succeededFuture()
                    : giveBack(List.copyOf(underWay.keySet())))
        .otherwiseEmpty()
        .<Void>mapEmpty()
        .eventually(client::stop)
        .onComplete(closed -> guard.close());
  }
}
