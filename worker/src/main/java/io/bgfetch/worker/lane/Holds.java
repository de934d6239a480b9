package io.bgfetch.worker.lane;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which hosts are held back until when, whether or not anything waits for them. Remembered for a
 * while longer, because a host begins slowly after it. Bounded: the one that ends first goes.
 */
final class Holds {

  static final int MOST = 10_000;
  private static final long REMEMBERED_MILLIS = 60_000;

  private final Map<String, Hold> byHost = new HashMap<>();
  private final TreeSet<Hold> byEnd =
      new TreeSet<>(Comparator.comparingLong(Hold::until).thenComparing(Hold::host));

  /**
   * Holds a host until then, or longer where it is known to last longer; says whether it is new.
   */
  boolean hold(String host, long until, long now) {
    if (until <= now || until <= until(host)) {
      return false;
    }
    Hold known = byHost.get(host);
    long since = known == null || known.until() <= now ? now : known.since();
    Hold hold = new Hold(host, since, until);
    byHost.put(host, hold);
    if (known != null) {
      byEnd.remove(known);
    }
    byEnd.add(hold);
    while (byEnd.size() > MOST || byEnd.first().until() + REMEMBERED_MILLIS <= now) {
      byHost.remove(byEnd.removeFirst().host());
    }
    return true;
  }

  /** The end of the host's last hold, 0 where none is known. */
  long until(String host) {
    Hold hold = byHost.get(host);
    return hold == null ? 0 : hold.until();
  }

  /** Whether the host's hold ended so lately that it begins slowly, or lasts. */
  boolean lately(String host, long now) {
    Hold hold = byHost.get(host);
    return hold != null && now < hold.until() + REMEMBERED_MILLIS;
  }

  /** Whether the host is held now and has been for so long. */
  boolean heldFor(long millis, String host, long now) {
    Hold hold = byHost.get(host);
    return hold != null && now < hold.until() && now - hold.since() >= millis;
  }

  /** Whether any host is held now. */
  boolean any(long now) {
    return !byEnd.isEmpty() && byEnd.last().until() > now;
  }

  /** Hosts that are held now. */
  int count(long now) {
    return byEnd.tailSet(new Hold("", now, now + 1)).size();
  }

  /** Without a gap from {@code since} on. */
  private record Hold(String host, long since, long until) {}
}
