package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.seal.SealKey;
import io.bgfetch.testkit.Origin;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

  private static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "BGFETCH_SECRET_KEY",
              Base64.getEncoder().encodeToString(new byte[32]),
              "BGFETCH_EGRESS_ALLOW",
              "127.0.0.0/8"),
          new Properties());

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final Origin receiver = Origin.start();
  private final WebhookSecrets secrets =
      new WebhookSecrets(SealKey.from(SETTINGS), new SecureRandom());
  private final SlowStore store = new SlowStore();
  private final Deliveries deliveries =
      new Deliveries(
          vertx, store, secrets, EgressSettings.from(SETTINGS), new CompositeMeterRegistry());

  @BeforeEach
  void start() throws Exception {
    await(onContext(deliveries::start));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    receiver.close();
  }

  /** Something is due, and taking it lasts until the test says so. */
  private static final class SlowStore implements DueDeliveries {

    private final CompletableFuture<Promise<List<Delivery>>> asked = new CompletableFuture<>();
    private final List<Delivery> givenBack = new CopyOnWriteArrayList<>();

    @Override
    public Future<List<UUID>> due(List<UUID> without) {
      return Future.succeededFuture(List.of(UUID.randomUUID()));
    }

    @Override
    public Future<List<Delivery>> take(Map<UUID, Integer> rooms) {
      Promise<List<Delivery>> taken = Promise.promise();
      asked.complete(taken);
      return taken.future();
    }

    @Override
    public Future<Void> settle(Delivery delivery, Outcome outcome) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> giveBack(Collection<Delivery> taken) {
      givenBack.addAll(taken);
      return Future.succeededFuture();
    }
  }

  private <T> Future<T> onContext(Supplier<Future<T>> action) {
    return Future.future(promise -> context.runOnContext(now -> action.get().onComplete(promise)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Delivery delivery() {
    UUID webhook = UUID.randomUUID();
    return new Delivery(
        UUID.randomUUID(),
        UUID.randomUUID(),
        webhook,
        "id",
        "backgroundfetchsuccess",
        Instant.EPOCH,
        "{}",
        0,
        new Delivery.Receiver(
            receiver.url("/status/200"), secrets.seal(webhook, secrets.make()), List.of()));
  }

  @Test
  void giveBackUntriedWhatIsTakenWhileTheyStop() throws Exception {
    Promise<List<Delivery>> taking = store.asked.get(20, TimeUnit.SECONDS);
    Delivery delivery = delivery();

    Future<Void> stopped = onContext(deliveries::stop);
    await(onContext(() -> Future.succeededFuture(taking.tryComplete(List.of(delivery)))));
    await(stopped);

    assertThat(store.givenBack).containsExactly(delivery);
    assertThat(receiver.requests()).isZero();
  }
}
