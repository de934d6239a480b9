package io.bgfetch.gateway.shard;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * The registrations that have something left to release, in turns: tenants one after the other, and
 * within a tenant its registrations one after the other.
 */
final class Backlog {

  /** How much one registration may take in its turn. */
  private static final int TURN = 16;

  private final FairShares shares;
  private final Deque<String> tenants = new ArrayDeque<>();
  private final Map<String, Deque<ActiveRegistration>> queues = new HashMap<>();
  private final Set<UUID> queued = new HashSet<>();
  private final HeldUp heldUp = new HeldUp();

  /** What the next records of a registration allow, whatever its share is. */
  interface Outlook {

    /**
     * How many more may be released.
     *
     * @param granted what the step means to release already
     */
    int of(ActiveRegistration registration, int granted);
  }

  Backlog(FairShares shares) {
    this.shares = shares;
  }

  /** Puts a registration at the end of its tenant's queue if it has something left to release. */
  void offer(ActiveRegistration registration) {
    if (mayQueue(registration)) {
      queueOf(registration, Deque::addLast).addLast(registration);
    }
  }

  /**
   * Puts those in front that waited for room, so that nobody who was served meanwhile is served
   * again before them.
   */
  private void offerFirst(List<ActiveRegistration> registrations) {
    for (ActiveRegistration registration : registrations.reversed()) {
      if (mayQueue(registration)) {
        queueOf(registration, Deque::addFirst).addFirst(registration);
      }
    }
  }

  private boolean mayQueue(ActiveRegistration registration) {
    return registration.hasBacklog()
        && !heldUp.holds(registration.uid())
        && queued.add(registration.uid());
  }

  private Deque<ActiveRegistration> queueOf(
      ActiveRegistration registration, BiConsumer<Deque<String>, String> lineUp) {
    return queues.computeIfAbsent(
        registration.terms().tenant(),
        tenant -> {
          lineUp.accept(tenants, tenant);
          return new ArrayDeque<>();
        });
  }

  /** A second has passed: everybody may try again. */
  void tick() {
    heldUp.letAllGo().forEach(this::offer);
  }

  /** These may know more of their next records than when they were held up. */
  void letGo(Collection<UUID> uids) {
    offerFirst(heldUp.letGo(uids));
  }

  /**
   * Shares out what is free, to be used in the step that follows. Who has nothing left leaves its
   * queue, and so does whose next records name hosts without room.
   */
  Map<ActiveRegistration, Integer> share(Outlook outlook) {
    offerFirst(heldUp.letGoWhereRoomIs(shares));
    Map<ActiveRegistration, Integer> granted = new LinkedHashMap<>();
    int refused = 0;
    while (shares.free() > 0 && refused < tenants.size()) {
      String tenant = tenants.remove();
      Deque<ActiveRegistration> queue = Objects.requireNonNull(queues.get(tenant));
      boolean served = serve(tenant, queue, outlook, granted);
      if (queue.isEmpty()) {
        queues.remove(tenant); // it is none of those who were refused and are still there
      } else {
        tenants.add(tenant);
        refused++;
      }
      refused = served ? 0 : refused;
    }
    return granted;
  }

  /** Whether one of a tenant's registrations got something: the first that may have something. */
  private boolean serve(
      String tenant,
      Deque<ActiveRegistration> queue,
      Outlook outlook,
      Map<ActiveRegistration, Integer> granted) {
    boolean served = false;
    for (int left = queue.size(); left > 0 && !served && shares.isLeftTo(tenant); left--) {
      served = takeTurn(queue, outlook, granted);
    }
    return served;
  }

  private boolean takeTurn(
      Deque<ActiveRegistration> queue, Outlook outlook, Map<ActiveRegistration, Integer> granted) {
    ActiveRegistration next = queue.remove();
    int has = granted.getOrDefault(next, 0);
    int wants = next.hasBacklog() ? next.state().total() - next.state().dispatched() - has : 0;
    int fair = Math.min(TURN, shares.of(next, has));
    int given = fair == 0 ? 0 : Math.min(Math.min(wants, fair), outlook.of(next, has));
    if (given > 0) {
      granted.put(next, has + given);
      shares.give(next, given);
      next.ahead().hosts().forEach(host -> shares.give(next, host, given));
    }
    if (given < wants && !heldUp.holds(next.uid())) {
      queue.add(next);
    } else {
      queued.remove(next.uid());
    }
    return given > 0;
  }

  /** It takes no turns until one of these hosts has room. */
  void holdUp(ActiveRegistration registration, Set<String> hosts) {
    heldUp.hold(registration, hosts);
  }
}
