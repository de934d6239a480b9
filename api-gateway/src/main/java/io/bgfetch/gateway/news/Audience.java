package io.bgfetch.gateway.news;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Who follows what at this gateway. News may come from any thread; they are merged until the
 * followers' context gets to them, so that only the latest state of each registration waits, and
 * the latest click. The other methods belong on that context.
 */
public final class Audience {

  private final Map<Followed, Set<Follower>> ofOne = new ConcurrentHashMap<>();
  private final Map<String, Set<Follower>> ofTenant = new ConcurrentHashMap<>();
  private final Map<Slot, News> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean delivering = new AtomicBoolean();
  private volatile @Nullable Context context;

  /** One registration of a tenant: nobody hears of another tenant's, even knowing its uid. */
  record Followed(String tenant, UUID uid) {}

  /** Where news wait for the context: the later takes the place of the earlier. */
  private record Slot(UUID uid, boolean click) {
    static Slot of(News news) {
      return new Slot(news.uid(), news.isClick());
    }
  }

  /** The context on which followers hear. */
  void useContext(Context context) {
    this.context = context;
  }

  public void follow(String tenant, UUID uid, Follower follower) {
    add(ofOne, new Followed(tenant, uid), follower);
  }

  public void unfollow(String tenant, UUID uid, Follower follower) {
    remove(ofOne, new Followed(tenant, uid), follower);
  }

  public void followAll(String tenant, Follower follower) {
    add(ofTenant, tenant, follower);
  }

  public void unfollowAll(String tenant, Follower follower) {
    remove(ofTenant, tenant, follower);
  }

  /** Whether anybody wants to hear of it. From any thread. */
  boolean wants(String tenant, UUID uid) {
    return ofOne.containsKey(new Followed(tenant, uid)) || ofTenant.containsKey(tenant);
  }

  /** The registrations that are followed one by one. */
  Set<Followed> followed() {
    return Set.copyOf(ofOne.keySet());
  }

  /** The tenants of which everything is followed. */
  Set<String> tenants() {
    return Set.copyOf(ofTenant.keySet());
  }

  /** Tells whoever wants to hear. From any thread. */
  void tell(News news) {
    Context on = context;
    if (on == null || !wants(news.tenant(), news.uid())) {
      return;
    }
    waiting.merge(Slot.of(news), news, (old, next) -> next.version() >= old.version() ? next : old);
    if (delivering.compareAndSet(false, true)) {
      on.runOnContext(now -> deliver());
    }
  }

  private void deliver() {
    delivering.set(false);
    List<News> ready = new ArrayList<>();
    for (Slot slot : waiting.keySet()) {
      News news = waiting.remove(slot);
      if (news != null) {
        ready.add(news);
      }
    }
    ready.sort(Comparator.comparingLong(News::version));
    ready.forEach(this::deliver);
  }

  private void deliver(News news) {
    Followed one = new Followed(news.tenant(), news.uid());
    List.copyOf(ofOne.getOrDefault(one, Set.of())).forEach(each -> each.hear(news));
    List.copyOf(ofTenant.getOrDefault(news.tenant(), Set.of())).forEach(each -> each.hear(news));
  }

  /** Ends all that is followed. */
  void end() {
    Set<Follower> all = new HashSet<>();
    ofOne.values().forEach(all::addAll);
    ofTenant.values().forEach(all::addAll);
    all.forEach(Follower::end);
  }

  private static <K> void add(Map<K, Set<Follower>> to, K key, Follower follower) {
    to.computeIfAbsent(key, k -> ConcurrentHashMap.newKeySet()).add(follower);
  }

  private static <K> void remove(Map<K, Set<Follower>> from, K key, Follower follower) {
    from.computeIfPresent(
        key,
        (k, followers) -> {
          followers.remove(follower);
          return followers.isEmpty() ? null : followers;
        });
  }
}
