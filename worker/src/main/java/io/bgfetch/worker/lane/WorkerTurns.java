package io.bgfetch.worker.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the next of the worker's turns, of all whose hosts may be able to start something. Hosts
 * that gave no sign of life contend apart from the others, because together they may have a part of
 * the turns only; as long as they have less, all have the same right.
 */
final class WorkerTurns<T> {

  private final Contest<T> alive = new Contest<>();
  private final Contest<T> silent = new Contest<>();
  private boolean silentNext;

  /** A flow without anything that waits or runs. */
  FlowQueue<T> queue(Flow flow, TenantAtHost<T> place) {
    return new FlowQueue<>(flow, alive.join(flow), silent.join(flow), place);
  }

  /** Who goes next, null where nobody may. */
  @Nullable FlowQueue<T> first(boolean alsoSilent) {
    RegistrationTurns<T> one = alive.first();
    RegistrationTurns<T> other = alsoSilent ? silent.first() : null;
    RegistrationTurns<T> first = one == null || other == null || !better(one, other) ? other : one;
    if (first == null) {
      first = one;
    }
    return first == null ? null : first.round().getFirst();
  }

  private boolean better(RegistrationTurns<T> one, RegistrationTurns<T> other) {
    int compared = Contest.compare(one, other);
    return compared < 0 || (compared == 0 && !silentNext);
  }

  void stand(FlowQueue<T> queue) {
    queue.standsAmong(queue.host().gate().silent() ? queue.silent() : queue.alive());
    queue.host().contending().add(queue);
    contest(queue).stand(queue, queue.stands());
  }

  void withdraw(FlowQueue<T> queue) {
    contest(queue).withdraw(queue, queue.stands());
    queue.host().contending().remove(queue);
    queue.standsAmong(null);
  }

  private Contest<T> contest(FlowQueue<T> queue) {
    return queue.stands() == queue.silent() ? silent : alive;
  }

  /** The host gave a sign of life, or none for long: its flows contend among others. */
  void moved(HostTurns<T> host) {
    for (FlowQueue<T> queue : List.copyOf(host.contending())) {
      withdraw(queue);
      stand(queue);
    }
  }

  void began(FlowQueue<T> queue) {
    silentNext = !queue.host().gate().silent();
    alive.began(queue, queue.alive());
    silent.began(queue, queue.silent());
  }

  void ended(FlowQueue<T> queue) {
    alive.ended(queue.alive());
    silent.ended(queue.silent());
  }

  void forget(FlowQueue<T> queue) {
    alive.forget(queue.alive());
    silent.forget(queue.silent());
  }
}
