package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a record that is released counts as lost.
 *
 * @param silentTicks seconds of silence after which its worker is taken for dead
 * @param unseenTicks seconds after which it is lost if nobody ever reported it and it is not queued
 */
record Leases(int silentTicks, int unseenTicks) {

  /** Records that are lost, unless they turn out to be queued. */
  List<RecordId> silent(Collection<ActiveRegistration> active, long clock) {
    List<RecordId> silent = new ArrayList<>();
    for (ActiveRegistration registration : active) {
      registration
          .inFlight()
          .forEach(
              (index, record) -> {
                if (workerIsSilent(record, clock) || record.neverReported(clock, unseenTicks)) {
                  silent.add(new RecordId(registration.uid(), index));
                }
              });
    }
    return silent;
  }

  /** Whether it is lost, as far as can be seen of the queue. */
  boolean isLost(InFlight record, long clock, @Nullable QueueView queue) {
    return workerIsSilent(record, clock)
        || (record.neverReported(clock, unseenTicks) && queue != null && record.leftQueue(queue));
  }

  private boolean workerIsSilent(InFlight record, long clock) {
    return record.workerIsSilent(clock, silentTicks);
  }
}
