package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a record that is released counts as lost.
 *
 * <p>Whoever takes a job from the queue has as long to report it as any worker may be silent: a job
 * that stood there for minutes is not lost because it was taken just before somebody looked.
 *
 * @param silentTicks seconds of silence after which its worker is taken for dead
 * @param unseenTicks seconds after which it is lost at the earliest if nobody ever reported it;
 *     more than {@code silentTicks}
 */
record Leases(int silentTicks, int unseenTicks) {

  /** Records that may be lost: those that nobody reports must be looked for in the queue. */
  List<RecordId> silent(Collection<ActiveRegistration> active, long clock) {
    List<RecordId> silent = new ArrayList<>();
    for (ActiveRegistration registration : active) {
      registration
          .inFlight()
          .forEach(
              (index, record) -> {
                if (workerIsSilent(record, clock)
                    || record.neverReported(clock, ticksBeforeTheFirstLook())) {
                  silent.add(new RecordId(registration.uid(), index));
                }
              });
    }
    return silent;
  }

  /** So many that a job that was taken at once is lost as soon as it may be. */
  private int ticksBeforeTheFirstLook() {
    return unseenTicks - silentTicks - 1;
  }

  /**
   * Whether it is lost, as far as can be seen of the queue.
   *
   * @param written the shard's clock once it will have read all ticks that stand in its log now
   */
  boolean isLost(InFlight record, long clock, long written, @Nullable QueueView queue) {
    if (workerIsSilent(record, clock)) {
      return true;
    }
    if (queue != null) {
      record.lookedFor(queue, written);
    }
    return record.neverReported(clock, unseenTicks) && record.hasLeftQueue(clock, silentTicks);
  }

  private boolean workerIsSilent(InFlight record, long clock) {
    return record.workerIsSilent(clock, silentTicks);
  }
}
