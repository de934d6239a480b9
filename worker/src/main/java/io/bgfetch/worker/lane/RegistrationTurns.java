package io.bgfetch.worker.lane;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;

/** The turns of one registration: its flows that may start something take them one by one. */
final class RegistrationTurns<T> {

  private final UUID uid;
  private final TenantTurns<T> tenant;
  private final Turns.Contender<RegistrationTurns<T>> inTenant;
  private final Map<String, FlowQueue<T>> flows = new HashMap<>();
  private final LinkedHashSet<FlowQueue<T>> round = new LinkedHashSet<>();

  RegistrationTurns(UUID uid, TenantTurns<T> tenant) {
    this.uid = uid;
    this.tenant = tenant;
    this.inTenant = tenant.registrations().contender(this);
  }

  UUID uid() {
    return uid;
  }

  TenantTurns<T> tenant() {
    return tenant;
  }

  Turns.Contender<RegistrationTurns<T>> inTenant() {
    return inTenant;
  }

  /** All that wait or run, by host. */
  Map<String, FlowQueue<T>> flows() {
    return flows;
  }

  /** Those that contend, the next first. */
  LinkedHashSet<FlowQueue<T>> round() {
    return round;
  }
}
