package io.bgfetch.worker.lane;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Places for fetches that a redirect leads to another host than the one whose lane they came by.
 * Their number is this worker's own: its share of the host where it has lanes of it, else a small
 * cap. Who has a place never waits for a second one, so that nobody can wait for ever. Belongs to
 * one context.
 */
public final class Detours {

  static final int CAP_WITHOUT_LANE = 4;

  private final Limits limits;
  private final Map<String, Host> hosts = new HashMap<>();

  public Detours(Limits limits) {
    this.limits = limits;
  }

  /** Completes when there is a place at the host; to be given back by {@link #leave}. */
  public Future<Void> enter(String host) {
    Host at = hosts.computeIfAbsent(host, h -> new Host());
    if (at.taken < capOf(host)) {
      at.taken++;
      return Future.succeededFuture();
    }
    Promise<Void> place = Promise.promise();
    at.waiting.add(place);
    return place.future();
  }

  /** Gives a place back; the one who has waited longest gets it. */
  public void leave(String host) {
    Host at = hosts.get(host);
    if (at == null) {
      throw new IllegalStateException("nobody has a place at " + host);
    }
    at.taken--;
    while (!at.waiting.isEmpty() && at.taken < capOf(host)) {
      at.taken++;
      at.waiting.remove().complete();
    }
    if (at.taken == 0 && at.waiting.isEmpty()) {
      hosts.remove(host);
    }
  }

  private int capOf(String host) {
    int share = limits.shareOf(host).fetches();
    return share > 0 ? share : CAP_WITHOUT_LANE;
  }

  private static final class Host {
    private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    private int taken;
  }
}
