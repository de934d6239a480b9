package io.bgfetch.gateway.webhook;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The deliveries that wait in Postgres. */
final class PgDeliveries implements DueDeliveries {

  /** Longer than any attempt: after it another gateway may take what one has taken. */
  static final Duration LEASE = Duration.ofMinutes(1);

  private static final double MILLIS = 1000.0;

  private final Pool pool;

  PgDeliveries(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<UUID>> due(List<UUID> without) {
    return pool.preparedQuery(DeliverySql.FIND_DUE)
        .execute(Tuple.tuple().addArrayOfUUID(without.toArray(UUID[]::new)))
        .map(
            rows -> {
              List<UUID> webhooks = new ArrayList<>();
              rows.forEach(row -> webhooks.add(row.getUUID("id")));
              return webhooks;
            });
  }

  @Override
  public Future<List<Delivery>> take(Map<UUID, Integer> rooms) {
    return pool.preparedQuery(DeliverySql.TAKE)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(rooms.keySet().toArray(UUID[]::new))
                .addArrayOfInteger(rooms.values().toArray(Integer[]::new))
                .addUUID(UUID.randomUUID())
                .addDouble(seconds(LEASE)))
        .map(
            rows -> {
              List<Delivery> taken = new ArrayList<>();
              rows.forEach(row -> taken.add(DeliveryRows.taken(row)));
              return taken;
            });
  }

  @Override
  public Future<Void> settle(Delivery delivery, Outcome outcome) {
    return switch (outcome.ruling()) {
      case Ruling.Delivered done -> write(DeliverySql.DELIVERED, told(delivery, outcome));
      case Ruling.GivenUp failed -> write(DeliverySql.GIVEN_UP, judged(delivery, outcome));
      case Ruling.Gone gone ->
          write(DeliverySql.GONE, receiver(delivery))
              .compose(disabled -> write(DeliverySql.FAILED, told(delivery, outcome)));
      case Ruling.Again again ->
          silence(delivery, again.silence())
              .compose(
                  silent ->
                      write(
                          DeliverySql.AGAIN,
                          judged(delivery, outcome).addDouble(seconds(again.in()))));
    };
  }

  private Future<Void> silence(Delivery delivery, Duration silence) {
    return silence.isZero()
        ? Future.succeededFuture()
        : write(DeliverySql.SILENCE, receiver(delivery).addDouble(seconds(silence)));
  }

  private static Tuple receiver(Delivery delivery) {
    return Tuple.of(delivery.webhook(), delivery.receiver().url());
  }

  private static Tuple told(Delivery delivery, Outcome outcome) {
    return Tuple.of(delivery.id(), delivery.lease())
        .addOffsetDateTime(outcome.at().atOffset(ZoneOffset.UTC))
        .addInteger(Math.toIntExact(outcome.took().toMillis()))
        .addInteger(outcome.status())
        .addString(outcome.error());
  }

  /** With how often it had been tried as the ruling knows it: an order of a client changes that. */
  private static Tuple judged(Delivery delivery, Outcome outcome) {
    return told(delivery, outcome).addInteger(delivery.tries());
  }

  @Override
  public Future<Void> giveBack(Collection<Delivery> taken) {
    return write(
        DeliverySql.GIVE_BACK,
        Tuple.tuple()
            .addArrayOfUUID(taken.stream().map(Delivery::id).toArray(UUID[]::new))
            .addArrayOfUUID(taken.stream().map(Delivery::lease).distinct().toArray(UUID[]::new)));
  }

  private Future<Void> write(String statement, @Nullable Tuple tuple) {
    return pool.preparedQuery(statement).execute(tuple).mapEmpty();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }
}
