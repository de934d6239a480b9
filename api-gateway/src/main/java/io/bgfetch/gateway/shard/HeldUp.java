package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Registrations whose next records all name hosts without room. They wait here until one of those
 * hosts has room again, in the order in which they came, or until they are let go for another
 * reason, and take no turns meanwhile.
 */
final class HeldUp {

  private final Map<String, Set<UUID>> byHost = new LinkedHashMap<>();
  private final Map<UUID, Held> held = new LinkedHashMap<>();

  private record Held(ActiveRegistration registration, Set<String> hosts) {}

  void hold(ActiveRegistration registration, Set<String> hosts) {
    held.put(registration.uid(), new Held(registration, Set.copyOf(hosts)));
    hosts.forEach(
        host -> byHost.computeIfAbsent(host, any -> new LinkedHashSet<>()).add(registration.uid()));
  }

  boolean holds(UUID uid) {
    return held.containsKey(uid);
  }

  /** Lets go of those that may go on: of no more than there is room for at their host. */
  List<ActiveRegistration> letGoWhereRoomIs(FairShares shares) {
    Set<UUID> free = new LinkedHashSet<>();
    byHost.forEach(
        (host, uids) ->
            uids.stream()
                .filter(uid -> shares.of(heldUp(uid), host) > 0)
                .limit(shares.of(host))
                .forEach(free::add));
    return letGo(free);
  }

  private ActiveRegistration heldUp(UUID uid) {
    return Objects.requireNonNull(held.get(uid)).registration();
  }

  List<ActiveRegistration> letGo(Collection<UUID> uids) {
    List<ActiveRegistration> gone = new ArrayList<>();
    for (UUID uid : uids) {
      Held one = held.remove(uid);
      if (one != null) {
        one.hosts().forEach(host -> remove(host, uid));
        gone.add(one.registration());
      }
    }
    return gone;
  }

  List<ActiveRegistration> letAllGo() {
    List<ActiveRegistration> gone = held.values().stream().map(Held::registration).toList();
    held.clear();
    byHost.clear();
    return gone;
  }

  private void remove(String host, UUID uid) {
    Set<UUID> uids = Objects.requireNonNull(byHost.get(host));
    uids.remove(uid);
    if (uids.isEmpty()) {
      byHost.remove(host);
    }
  }
}
