package io.bgfetch.worker.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What waits of one flow, first in, first out. While something waits, it stands either in the
 * worker's contest or parked at its host.
 */
final class FlowQueue<T> {

  private final RegistrationTurns<T> registration;
  private final TenantAtHost<T> place;
  private final Turns.Contender<FlowQueue<T>> atHost;
  private final ArrayDeque<T> waiting = new ArrayDeque<>();
  private boolean contends;

  FlowQueue(RegistrationTurns<T> registration, TenantAtHost<T> place) {
    this.registration = registration;
    this.place = place;
    this.atHost = place.flows().contender(this);
  }

  RegistrationTurns<T> registration() {
    return registration;
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
    return contends;
  }

  void contends(boolean stands) {
    contends = stands;
  }
}
