package io.bgfetch.worker.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** What waits for one host, how many run there, and how many may. */
final class HostQueue<T> {

  private final String host;
  private final ArrayDeque<T> waiting = new ArrayDeque<>();
  private int limit;
  private int running;
  private boolean inRound;

  HostQueue(String host, int limit) {
    this.host = host;
    this.limit = limit;
  }

  String host() {
    return host;
  }

  void limit(int fetches) {
    limit = fetches;
  }

  void add(T work) {
    waiting.add(work);
  }

  boolean mayStart() {
    return !waiting.isEmpty() && running < limit;
  }

  T start() {
    running++;
    return waiting.remove();
  }

  void ended() {
    running--;
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

  boolean idle() {
    return waiting.isEmpty() && running == 0;
  }

  /** Whether the host stands in the round of those that may start something. */
  boolean inRound() {
    return inRound;
  }

  void inRound(boolean stands) {
    inRound = stands;
  }
}
