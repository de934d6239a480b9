package io.bgfetch.worker.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits of one flow, first in, first out. While something waits, it stands either in the
 * worker's contest or parked at its host.
 */
final class FlowQueue<T> {

  private final Flow flow;
  private final RegistrationTurns<T> alive;
  private final RegistrationTurns<T> silent;
  private final TenantAtHost<T> place;
  private final Turns.Contender<FlowQueue<T>> atHost;
  private final ArrayDeque<T> waiting = new ArrayDeque<>();
  private @Nullable RegistrationTurns<T> stands;

  /**
   * Nothing waits of it yet.
   *
   * @param alive its registration's part among hosts that gave a sign of life
   * @param silent its registration's part among the others
   */
  FlowQueue(
      Flow flow, RegistrationTurns<T> alive, RegistrationTurns<T> silent, TenantAtHost<T> place) {
    this.flow = flow;
    this.alive = alive;
    this.silent = silent;
    this.place = place;
    this.atHost = place.flows().contender(this);
  }

  Flow flow() {
    return flow;
  }

  RegistrationTurns<T> alive() {
    return alive;
  }

  RegistrationTurns<T> silent() {
    return silent;
  }

  HostTurns<T> host() {
    return place.host();
  }

  TenantAtHost<T> place() {
    return place;
  }

  /** Its part in the contest at its host: how many run there. */
  Turns.Contender<FlowQueue<T>> atHost() {
    return atHost;
  }

  void add(T work) {
    waiting.add(work);
  }

  T take() {
    return waiting.remove();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether nothing of it waits or runs. */
  boolean idle() {
    return waiting.isEmpty() && atHost.running() == 0;
  }

  List<T> remove(Predicate<T> which) {
    List<T> removed = new ArrayList<>();
    for (Iterator<T> each = waiting.iterator(); each.hasNext(); ) {
      T work = each.next();
      if (which.test(work)) {
        each.remove();
        removed.add(work);
      }
    }
    return removed;
  }

  /** Whether it stands in the worker's contest. */
  boolean contends() {
    return stands != null;
  }

  /** Which part of its registration it contends for. */
  RegistrationTurns<T> stands() {
    return Objects.requireNonNull(stands, "it does not contend");
  }

  void standsAmong(@Nullable RegistrationTurns<T> part) {
    stands = part;
  }
}
