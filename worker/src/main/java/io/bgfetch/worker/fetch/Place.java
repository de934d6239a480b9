package io.bgfetch.worker.fetch;

import io.bgfetch.worker.lane.Detours;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The place of one attempt at the host that it asks: it came by a lane of one host and needs a
 * further place at each other one that redirects lead to. Belongs to the worker's context.
 */
final class Place {

  private final Detours detours;
  private final String laneHost;
  private @Nullable String detour;
  private boolean left;
  private boolean waiting;

  Place(Detours detours, String laneHost) {
    this.detours = detours;
    this.laneHost = laneHost;
  }

  /** Goes to a host; the place before is given back first. Fails once it was left for good. */
  Future<Void> at(String host) {
    if (host.equals(detour) || (detour == null && host.equals(laneHost))) {
      return Future.succeededFuture();
    }
    leaveDetour();
    return host.equals(laneHost) ? Future.succeededFuture() : entering(host);
  }

  private Future<Void> entering(String host) {
    waiting = true;
    return detours.enter(host).compose(entered -> entered(host));
  }

  /** Whether there is no place yet where it was last asked for. */
  boolean waiting() {
    return waiting;
  }

  private Future<Void> entered(String host) {
    waiting = false;
    detour = host;
    if (left) {
      leaveDetour();
      return Future.failedFuture("the fetch is over");
    }
    return Future.succeededFuture();
  }

  /** Leaves for good, also a place that is still waited for. */
  void leave() {
    left = true;
    leaveDetour();
  }

  private void leaveDetour() {
    if (detour != null) {
      detours.leave(detour);
      detour = null;
    }
  }
}
