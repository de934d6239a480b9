package io.bgfetch.worker.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the next of the worker's turns: the tenant with the fewest, of it the registration with
 * the fewest, of it one host after the other. Only those stand in it whose host may be able to
 * start something. All turns count, also of those who do not stand here: two contests that are told
 * the same can be compared.
 */
final class Contest<T> {

  private final Turns<TenantTurns<T>> order = new Turns<>();
  private final Map<String, TenantTurns<T>> tenants = new HashMap<>();
  private final Map<UUID, RegistrationTurns<T>> registrations = new HashMap<>();

  /** A flow is known from now on: its registration's part here. */
  RegistrationTurns<T> join(Flow flow) {
    RegistrationTurns<T> registration =
        registrations.computeIfAbsent(flow.uid(), uid -> join(uid, flow.tenant()));
    registration.flows(1);
    return registration;
  }

  private RegistrationTurns<T> join(UUID uid, String name) {
    TenantTurns<T> tenant = tenants.computeIfAbsent(name, n -> new TenantTurns<>(n, order));
    tenant.members(1);
    return new RegistrationTurns<>(uid, tenant);
  }

  /** Nothing of one of its flows waits or runs any more. */
  void forget(RegistrationTurns<T> registration) {
    registration.flows(-1);
    if (registration.flows() > 0) {
      return;
    }
    registrations.remove(registration.uid());
    TenantTurns<T> tenant = registration.tenant();
    tenant.members(-1);
    if (tenant.members() == 0) {
      tenants.remove(tenant.name());
    }
  }

  /** The registration that goes next, null where nobody stands. */
  @Nullable RegistrationTurns<T> first() {
    return order.isEmpty() ? null : order.first().registrations().first();
  }

  /**
   * Which of two, one of each of two contests that are told the same, has the better right:
   * negative for the first, 0 where they are the same registration.
   */
  static <T> int compare(RegistrationTurns<T> one, RegistrationTurns<T> other) {
    int tenants = one.tenant().inWorker().compareTo(other.tenant().inWorker());
    return tenants == 0 ? one.inTenant().compareTo(other.inTenant()) : tenants;
  }

  void stand(FlowQueue<T> queue, RegistrationTurns<T> registration) {
    registration.round().add(queue);
    registration.inTenant().stand();
    registration.tenant().inWorker().stand();
  }

  void withdraw(FlowQueue<T> queue, RegistrationTurns<T> registration) {
    registration.round().remove(queue);
    if (registration.round().isEmpty()) {
      registration.inTenant().withdraw();
      if (registration.tenant().registrations().isEmpty()) {
        registration.tenant().inWorker().withdraw();
      }
    }
  }

  void began(FlowQueue<T> queue, RegistrationTurns<T> registration) {
    registration.inTenant().began();
    registration.tenant().inWorker().began();
    if (registration.round().remove(queue)) {
      registration.round().add(queue);
    }
  }

  void ended(RegistrationTurns<T> registration) {
    registration.inTenant().ended();
    registration.tenant().inWorker().ended();
  }
}
