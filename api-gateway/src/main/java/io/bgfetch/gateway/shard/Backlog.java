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

  /**
   * Shares out slots, to be used in the step that follows; who has nothing left leaves its queue.
   * Nobody may come to have more waiting than is left free for others: a dynamic threshold
   * (Choudhury and Hahne, 1998), so that a registration whose host does not answer never fills the
   * window, however long its list, and one that is alone gets half of it.
   */
  Map<ActiveRegistration, Integer> share(int slots) {
    Map<ActiveRegistration, Integer> shares = new LinkedHashMap<>();
    int left = slots;
    int refused = 0;
    while (left > 0 && refused < queued.size()) {
      String tenant = tenants.remove();
      Deque<ActiveRegistration> queue = Objects.requireNonNull(queues.get(tenant));
      int given = shareTurn(queue, shares, left);
      left -= given;
      refused = given == 0 ? refused + 1 : 0;
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
    int fair = Math.max(0, (left - next.waiting() - has + 1) / 2);
    int given = Math.min(Math.min(wants, TURN), fair);
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
