package io.bgfetch.gateway.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a tenant's fetches do now and did in the last ten minutes. Counts are those of statistics:
 * they lag some seconds behind, and lose a little where a process dies.
 *
 * @param waiting records of active registrations that have not ended and do not run
 * @param running records that a worker fetches now
 * @param intervals the last 300 full ones, the oldest first, without a gap
 */
public record TenantStats(long waiting, long running, List<Interval> intervals) {

  public TenantStats {
    intervals = List.copyOf(intervals);
  }

  /** How long an interval is. */
  public static Duration intervalLength() {
    return Bookkeeping.INTERVAL;
  }

  /**
   * What came in one interval.
   *
   * @param at its beginning, by Postgres's clock
   */
  public record Interval(Instant at, Traffic traffic) {}

  /**
   * What two counts say that were taken one after the other: more may run than was left unsettled.
   */
  static TenantStats of(long unsettled, long running, List<Interval> intervals) {
    return new TenantStats(Math.max(0, unsettled - running), running, intervals);
  }
}
