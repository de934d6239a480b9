package io.bgfetch.worker.lane;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.UUID;

/** The turns of one registration: its flows that may start something take them one by one. */
final class RegistrationTurns<T> {

  private final UUID uid;
  private final TenantTurns<T> tenant;
  private final Turns.Contender<RegistrationTurns<T>> inTenant;
  private final SequencedSet<FlowQueue<T>> round = new LinkedHashSet<>();
  private int flows;

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

  /** Those that contend, the next first. */
  SequencedSet<FlowQueue<T>> round() {
    return round;
  }

  /** How many flows of it are known. */
  int flows() {
    return flows;
  }

  void flows(int more) {
    flows += more;
  }
}
