package io.bgfetch.worker.task;

import io.bgfetch.message.FetchJob;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The orders of the last seconds, for jobs that arrive after them. They are kept longer than a
 * permission is good, so a job that comes when its cancel is forgotten has to ask anyway. Belongs
 * to one context.
 */
final class Orders {

  static final Duration KEPT_FOR = Duration.ofSeconds(10);
  static final int MOST = 100_000;

  private final Map<UUID, Order> cancels = new LinkedHashMap<>();
  private final Map<UUID, Order> pauses = new LinkedHashMap<>();
  private long blindUntil = PermitRule.NEVER;

  void cancelled(UUID uid, long now) {
    keep(cancels, uid, new Order(now, 0), now);
  }

  void paused(UUID uid, long version, long now) {
    Order known = pauses.get(uid);
    keep(pauses, uid, new Order(now, known == null ? version : known.upTo(version)), now);
  }

  /** Whether the job's registration has ended. */
  boolean cancels(FetchJob job) {
    return cancels.containsKey(job.uid());
  }

  /** Whether the job is older than a pause of its registration. */
  boolean pauses(FetchJob job) {
    Order pause = pauses.get(job.uid());
    return pause != null && job.version() < pause.version();
  }

  /**
   * Permissions that are not younger than this count for nothing: there were so many orders that
   * some had to be forgotten early.
   */
  long blindUntil() {
    return blindUntil;
  }

  private void keep(Map<UUID, Order> orders, UUID uid, Order order, long now) {
    orders.remove(uid);
    orders.put(uid, order);
    for (Iterator<Order> oldest = orders.values().iterator(); oldest.hasNext(); ) {
      boolean old = now - oldest.next().heardAt() > KEPT_FOR.toMillis();
      if (!old && orders.size() <= MOST) {
        return;
      }
      blindUntil = old ? blindUntil : now;
      oldest.remove();
    }
  }

  private record Order(long heardAt, long version) {
    long upTo(long other) {
      return Math.max(version, other);
    }
  }
}
