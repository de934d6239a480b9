package io.bgfetch.worker.lane;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One host's part in the lanes: what it may start, and who is parked there until it may. Of those
 * the tenant goes first that has the fewest turns at this host, and of it the registration: a
 * tenant that has much running elsewhere must not wait here for ever.
 */
final class HostTurns<T> {

  /** Not asleep. */
  static final long AWAKE = Long.MAX_VALUE;

  private final String name;
  private final HostGate gate;
  private final Map<String, TenantAtHost<T>> tenants = new HashMap<>();
  private final Turns<TenantAtHost<T>> parked = new Turns<>();
  private final Set<FlowQueue<T>> contending = new LinkedHashSet<>();
  private long wakesAt = AWAKE;

  HostTurns(String name, HostGate gate) {
    this.name = name;
    this.gate = gate;
  }

  String name() {
    return name;
  }

  HostGate gate() {
    return gate;
  }

  TenantAtHost<T> tenant(String tenant) {
    return tenants.computeIfAbsent(tenant, t -> new TenantAtHost<>(t, this, parked));
  }

  void park(FlowQueue<T> queue) {
    queue.atHost().stand();
    queue.place().atHost().stand();
  }

  void unpark(FlowQueue<T> queue) {
    queue.atHost().withdraw();
    if (queue.place().flows().isEmpty()) {
      queue.place().atHost().withdraw();
    }
  }

  boolean hasParked() {
    return !parked.isEmpty();
  }

  /** Takes out who goes first of those who are parked. */
  FlowQueue<T> unparkFirst() {
    FlowQueue<T> first = parked.first().flows().first();
    unpark(first);
    return first;
  }

  void began(FlowQueue<T> queue, long now) {
    queue.atHost().began();
    queue.place().atHost().began();
    gate.began(now);
  }

  void ended(FlowQueue<T> queue) {
    queue.atHost().ended();
    queue.place().atHost().ended();
    gate.ended();
  }

  void forget(FlowQueue<T> queue) {
    queue.place().members(-1);
    if (queue.place().members() == 0) {
      tenants.remove(queue.place().name());
    }
  }

  /** Whether nothing waits or runs. */
  boolean idle() {
    return tenants.isEmpty();
  }

  /** Those of its flows that stand in the worker's contest. */
  Set<FlowQueue<T>> contending() {
    return contending;
  }

  /** When time alone may let it start something. */
  long wakesAt() {
    return wakesAt;
  }

  void wakesAt(long millis) {
    wakesAt = millis;
  }
}
