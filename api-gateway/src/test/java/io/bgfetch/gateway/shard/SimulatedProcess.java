package io.bgfetch.gateway.shard;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A process that may die or stop for a while before anything that it does: whatever it waits for is
 * a point where it can be struck.
 */
class SimulatedProcess {

  private static final long REMEMBERED_MILLIS = 10_000;

  final SimulatedCluster cluster;
  final Schedule schedule;
  final String name;
  private final Map<SimulatedLog<?>, SimulatedProducer<?>> producers = new IdentityHashMap<>();
  private final Fault crash;
  private final Fault stall;
  private boolean dead;
  private long stalledUntil;
  private long hinderedAt = Long.MIN_VALUE / 2;

  SimulatedProcess(SimulatedCluster cluster, String name, Fault crash, Fault stall) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
    this.name = name;
    this.crash = crash;
    this.stall = stall;
  }

  final boolean alive() {
    return !dead;
  }

  final boolean stalled() {
    return stalledUntil > schedule.now();
  }

  /** A message of its was lost, or will come late, at that time. */
  final void hinderedAt(long time) {
    hinderedAt = Math.max(hinderedAt, time);
  }

  /** Whether it was stopped lately, or what it said got lost or came late. */
  final boolean hindered() {
    return hinderedAt > schedule.now() - REMEMBERED_MILLIS;
  }

  /** Does this later, if it lives by then, and when it is not stopped. */
  final void after(long millis, Runnable action) {
    schedule.after(millis, () -> perform(action));
  }

  /** After a short while, as a word to another process and back takes. */
  final void soon(Runnable action) {
    after(schedule.between(1, 4), action);
  }

  private void perform(Runnable action) {
    if (dead) {
      return;
    }
    if (stalled()) {
      schedule.at(stalledUntil, () -> perform(action));
    } else if (cluster.faults.strikes(crash)) {
      die();
    } else if (cluster.faults.strikes(stall)) {
      stalledUntil = schedule.now() + schedule.between(50, 200) * schedule.between(1, 60);
      hinderedAt = stalledUntil;
      schedule.at(stalledUntil, () -> perform(action));
      cluster.stalled(this);
    } else {
      action.run();
    }
  }

  /** At once, without a last word. */
  final void die() {
    dead = true;
    cluster.died(this);
  }

  /** Ends in peace. */
  final void exit() {
    dead = true;
  }

  /** Its producer for a log; messages of one producer keep their order. */
  @SuppressWarnings("unchecked")
  final <T> SimulatedProducer<T> producer(SimulatedLog<T> log) {
    return (SimulatedProducer<T>)
        producers.computeIfAbsent(log, any -> new SimulatedProducer<>(this, log));
  }
}
