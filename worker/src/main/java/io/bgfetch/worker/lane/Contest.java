package io.bgfetch.worker.lane;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the next of the worker's turns: the tenant with the fewest, of it the registration with
 * the fewest, of it one host after the other. Only those stand in it whose host may be able to
 * start something.
 */
final class Contest<T> {

  private final Turns<TenantTurns<T>> order = new Turns<>();
  private final Map<String, TenantTurns<T>> tenants = new HashMap<>();
  private final Map<UUID, RegistrationTurns<T>> registrations = new HashMap<>();

  /** The registration's part in it. */
  RegistrationTurns<T> registration(Flow flow) {
    return registrations.computeIfAbsent(
        flow.uid(),
        uid -> {
          TenantTurns<T> tenant =
              tenants.computeIfAbsent(flow.tenant(), name -> new TenantTurns<>(name, order));
          tenant.members(1);
          return new RegistrationTurns<>(uid, tenant);
        });
  }

  @Nullable RegistrationTurns<T> known(UUID uid) {
    return registrations.get(uid);
  }

  Collection<RegistrationTurns<T>> all() {
    return registrations.values();
  }

  /** Who goes next, null where nobody stands. */
  @Nullable FlowQueue<T> first() {
    return order.isEmpty() ? null : order.first().registrations().first().round().getFirst();
  }

  void stand(FlowQueue<T> queue) {
    queue.contends(true);
    queue.host().contending(1);
    RegistrationTurns<T> registration = queue.registration();
    registration.round().add(queue);
    registration.inTenant().stand();
    registration.tenant().inWorker().stand();
  }

  void withdraw(FlowQueue<T> queue) {
    queue.contends(false);
    queue.host().contending(-1);
    RegistrationTurns<T> registration = queue.registration();
    registration.round().remove(queue);
    if (registration.round().isEmpty()) {
      registration.inTenant().withdraw();
      if (registration.tenant().registrations().isEmpty()) {
        registration.tenant().inWorker().withdraw();
      }
    }
  }

  void began(FlowQueue<T> queue) {
    queue.registration().inTenant().began();
    queue.registration().tenant().inWorker().began();
    LinkedHashSet<FlowQueue<T>> round = queue.registration().round();
    if (round.remove(queue)) {
      round.add(queue);
    }
  }

  void ended(FlowQueue<T> queue) {
    queue.registration().inTenant().ended();
    queue.registration().tenant().inWorker().ended();
  }

  /** Nothing of it waits or runs any more. */
  void forget(RegistrationTurns<T> registration) {
    registrations.remove(registration.uid());
    TenantTurns<T> tenant = registration.tenant();
    tenant.members(-1);
    if (tenant.members() == 0) {
      tenants.remove(tenant.name());
    }
  }
}
