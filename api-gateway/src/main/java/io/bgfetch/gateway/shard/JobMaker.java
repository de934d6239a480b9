package io.bgfetch.gateway.shard;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchJob;

/** Makes the job of a record that is released, and finds the lane of its host that it takes. */
record JobMaker(LaneLayout layout, HostLimits hostLimits) {

  /**
   * The job of a record's current attempt.
   *
   * @param now Postgres's clock, from which on the job is a permission
   */
  Decision.Release jobOf(ActiveRegistration registration, int index, InFlight record, long now) {
    RegistrationTerms terms = registration.terms();
    String host = record.host;
    HostLimit limit = hostLimits.of(host);
    int lane = laneOf(terms, index, limit);
    Allowance allowance = registration.room().allowance(record.state());
    FetchJob job =
        new FetchJob(
            terms.uid(),
            index,
            record.state().attempt(),
            terms.shard(),
            terms.tenant(),
            LaneLayout.laneName(host, lane),
            registration.state().version(),
            now,
            record.request,
            terms.retry(),
            terms.timeouts(),
            allowance.bytes(),
            allowance.overrun(),
            record.state().spent().connected(),
            record.state().resume());
    return new Decision.Release(job, layout.partitionOf(host, lane, limit));
  }

  /** Records of a list take the lanes in turn; lists begin at different ones. */
  private int laneOf(RegistrationTerms terms, int index, HostLimit limit) {
    return Math.floorMod(terms.uid().hashCode() + index, layout.lanes(limit));
  }
}
