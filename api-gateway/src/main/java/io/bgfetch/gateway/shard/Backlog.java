package io.bgfetch.gateway.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * The registrations that have something left to release, in turns: tenants one after the other, and
 * within a tenant its registrations one after the other.
 */
final class Backlog {

  /** How much one registration may take in its turn. */
  private static final int TURN = 64;

  private final Deque<String> tenants = new ArrayDeque<>();
  private final Map<String, Deque<ActiveRegistration>> queues = new HashMap<>();
  private final Set<UUID> queued = new HashSet<>();

  /** Puts a registration at the end of its tenant's queue if it has something left to release. */
  void offer(ActiveRegistration registration) {
    if (registration.hasBacklog() && queued.add(registration.uid())) {
      String tenant = registration.terms().tenant();
      Deque<ActiveRegistration> queue = queues.get(tenant);
      if (queue == null) {
        queue = new ArrayDeque<>();
        queues.put(tenant, queue);
        tenants.add(tenant);
      }
      queue.add(registration);
    }
  }

  boolean isEmpty() {
    return queued.isEmpty();
  }

  /**
   * Shares out slots, to be used in the step that follows; who has nothing left leaves its queue.
   */
  Map<ActiveRegistration, Integer> share(int slots) {
    Map<ActiveRegistration, Integer> shares = new LinkedHashMap<>();
    int left = slots;
    while (left > 0 && !tenants.isEmpty()) {
      String tenant = tenants.remove();
      Deque<ActiveRegistration> queue = Objects.requireNonNull(queues.get(tenant));
      left -= shareTurn(queue, shares, left);
      if (queue.isEmpty()) {
        queues.remove(tenant);
      } else {
        tenants.add(tenant);
      }
    }
    return shares;
  }

  private int shareTurn(
      Deque<ActiveRegistration> queue, Map<ActiveRegistration, Integer> shares, int left) {
    ActiveRegistration next = queue.remove();
    int has = shares.getOrDefault(next, 0);
    int wants = next.hasBacklog() ? next.state().total() - next.state().dispatched() - has : 0;
    int given = Math.min(Math.min(wants, TURN), left);
    if (given > 0) {
      shares.put(next, has + given);
    }
    if (given < wants) {
      queue.add(next);
    } else {
      queued.remove(next.uid());
    }
    return given;
  }
}
