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
 * the latest click. Where many follow much, they hear of it in turns, between which the context
 * does what else there is to do. The other methods belong on that context.
 */
public final class Audience {

  /** So often somebody hears something until others have their turn. */
  private static final int A_TURN = 2_000;

  private static final int CROWD = 10_000;

  private final Map<Followed, Set<Follower>> ofOne = new ConcurrentHashMap<>();
  private final Map<String, Set<Follower>> ofTenant = new ConcurrentHashMap<>();
  private final Map<Slot, News> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean delivering = new AtomicBoolean();
  private final LatestVersions versions = new LatestVersions();
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

  /** Whether so much waits to be heard that nothing more should be told now. From any thread. */
  boolean crowded() {
    return waiting.size() > CROWD;
  }

  /** Whether everything that was told has been heard. */
  boolean heardAll() {
    return waiting.isEmpty();
  }

  private void deliver() {
    delivering.set(false);
    List<News> ready = new ArrayList<>(waiting.values());
    ready.sort(Comparator.comparingLong(News::version));
    int heard = 0;
    for (News news : ready) {
      if (heard >= A_TURN) {
        deliverNext();
        return;
      }
      if (waiting.remove(Slot.of(news), news)) { // else something newer came: it is ready next
        heard += deliver(news);
      }
    }
  }

  /** By a timer: a task that hands itself in again keeps the context from its connections. */
  private void deliverNext() {
    Context on = context;
    if (on != null && delivering.compareAndSet(false, true)) {
      on.owner().setTimer(1, next -> deliver());
    }
  }

  private int deliver(News news) {
    if (!versions.hear(news)) {
      return 0;
    }
    List<Follower> followers =
        new ArrayList<>(ofOne.getOrDefault(new Followed(news.tenant(), news.uid()), Set.of()));
    followers.addAll(ofTenant.getOrDefault(news.tenant(), Set.of()));
    followers.forEach(each -> each.hear(news));
    return followers.size();
  }

  /**
   * Whether a follower may be shown this state, which was read after it began to follow; not where
   * it has heard of a later one since.
   */
  public boolean mayShow(News news) {
    return versions.show(news);
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
