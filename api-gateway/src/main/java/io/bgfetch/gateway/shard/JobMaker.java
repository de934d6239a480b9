package io.bgfetch.gateway.shard;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchJob;

/** Makes the job of a record that is released, and finds the lane of its host that it takes. */
record JobMaker(LaneLayout layout, HostLimits hostLimits) {

  /** Bounds how unevenly a list can lie on the lanes at any moment. */
  private static final int LONGEST_RUN = 32;

  /**
   * The job of a record's current attempt.
   *
   * @param now Postgres's clock, from which on the job is a permission
   * @param waiting how many records wait for its host
   */
  Decision.Release jobOf(
      ActiveRegistration registration, int index, InFlight record, long now, int waiting) {
    RegistrationTerms terms = registration.terms();
    String host = record.host;
    HostLimit limit = hostLimits.of(host);
    int lane = laneOf(terms, index, layout.lanes(limit), waiting);
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

  /**
   * Records of a list take the lanes in turn; lists begin at different ones. Where every lane has a
   * queue, records that follow each other go by the same lane, at most half as many as its queue is
   * long: so the queues stay even, and a batch goes to few partitions of the topic, each of which
   * costs Kafka as much as many records.
   */
  private static int laneOf(RegistrationTerms terms, int index, int lanes, int waiting) {
    int run = Integer.highestOneBit(Math.clamp(waiting / (2 * lanes), 1, LONGEST_RUN));
    return Math.floorMod(terms.uid().hashCode() + index / run, lanes);
  }
}
