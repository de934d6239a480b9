package io.bgfetch.gateway.webhook;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The deliveries that wait, for a gateway that sends them. */
interface DueDeliveries {

  /** Webhooks with something due, but for these. */
  Future<List<UUID>> due(List<UUID> without);

  /** Takes what is due, of each webhook as much as there is room for. */
  Future<List<Delivery>> take(Map<UUID, Integer> rooms);

  /** Writes down how an attempt went and what follows from it. */
  Future<Void> settle(Delivery delivery, Outcome outcome);

  /** Gives back what was taken and not sent to its end. */
  Future<Void> giveBack(Collection<Delivery> taken);
}
