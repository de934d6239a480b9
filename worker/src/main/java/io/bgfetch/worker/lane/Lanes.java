package io.bgfetch.worker.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The lanes of one worker: what waits for its turn, host by host. All lanes of a host that this
 * worker has share one queue, so that none blocks another, and hosts that may start something take
 * turns, so that one with a long queue does not starve the others. Belongs to one context.
 *
 * @param <T> what waits
 */
public final class Lanes<T> {

  private final Limits limits;
  private final Map<String, HostQueue<T>> hosts = new HashMap<>();
  private final Deque<HostQueue<T>> round = new ArrayDeque<>();
  private int running;
  private int waiting;

  /** Empty lanes. */
  public Lanes(Limits limits) {
    this.limits = limits;
  }

  /** The partitions of the jobs topic that are this worker's now. */
  public void own(Set<Integer> partitions) {
    limits.own(partitions);
    for (HostQueue<T> queue : hosts.values()) {
      queue.limit(limitOf(queue.host()));
      stand(queue);
    }
  }

  /** Queues work behind what waits for the same host. */
  public void enter(String host, T work) {
    HostQueue<T> queue = hosts.computeIfAbsent(host, h -> new HostQueue<>(h, limitOf(h)));
    queue.add(work);
    waiting++;
    stand(queue);
  }

  /** The next that may start; whoever takes it calls {@link #leave} with its host at the end. */
  public Optional<T> next() {
    while (running < limits.concurrency() && !round.isEmpty()) {
      HostQueue<T> queue = round.remove();
      queue.inRound(false);
      if (queue.mayStart()) {
        T work = queue.start();
        running++;
        waiting--;
        stand(queue);
        return Optional.of(work);
      }
    }
    return Optional.empty();
  }

  /** A turn at this host has ended. */
  public void leave(String host) {
    HostQueue<T> queue = hosts.get(host);
    if (queue == null) {
      throw new IllegalStateException("nothing runs at " + host);
    }
    queue.ended();
    running--;
    stand(queue);
    forgetIfIdle(queue);
  }

  /** Takes out what waits and fits. */
  public List<T> remove(Predicate<T> which) {
    List<T> removed = new ArrayList<>();
    for (HostQueue<T> queue : List.copyOf(hosts.values())) {
      removed.addAll(queue.remove(which));
      forgetIfIdle(queue);
    }
    waiting -= removed.size();
    return removed;
  }

  /** How many wait for their turn. */
  public int waiting() {
    return waiting;
  }

  /** How many have their turn. */
  public int running() {
    return running;
  }

  private void stand(HostQueue<T> queue) {
    if (!queue.inRound() && queue.mayStart()) {
      queue.inRound(true);
      round.add(queue);
    }
  }

  private void forgetIfIdle(HostQueue<T> queue) {
    if (queue.idle()) {
      hosts.remove(queue.host());
      if (queue.inRound()) {
        round.remove(queue);
      }
    }
  }

  /** At least one: a job that was taken must not wait for ever, whatever layout its sender had. */
  private int limitOf(String host) {
    return Math.max(1, limits.shareOf(host));
  }
}
