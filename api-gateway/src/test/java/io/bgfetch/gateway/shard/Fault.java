package io.bgfetch.gateway.shard;

/**
 * What can go wrong in a simulated cluster.
 *
 * <p>The rate is how likely it is whenever it could happen; each run has some of the faults, at its
 * own part of the rate.
 */
enum Fault {
  GATEWAY_CRASHES(0.004),
  GATEWAY_STALLS(0.004),
  WORKER_CRASHES(0.004),
  WORKER_STALLS(0.005),
  WORKER_STOPS(0.01),
  SHARDS_MOVE(0.15),
  JOBS_MOVE(0.1),
  POSTGRES_OUTAGE(0.03),
  QUESTION_IS_SLOW(0.02),
  TRANSACTION_IS_SLOW(0.03),
  COMMIT_LOST(0.03),
  COMMIT_UNKNOWN(0.03),
  KAFKA_OUTAGE(0.03),
  SEND_LOST(0.05),
  SEND_UNKNOWN(0.05),
  SENT_LATE(0.06),
  SENT_TWICE(0.06),
  POKE_LOST(0.5),
  TAKE_LOST(0.05),
  TAKE_UNKNOWN(0.05),
  GROUP_OFFSETS_FALL_BACK(0.1),
  JOBS_TOPIC_LOST(0.015),
  EVENTS_TOPIC_LOST(0.015),
  ORIGIN_REFUSES(0.25),
  ORIGIN_IS_BUSY(0.3),
  ORIGIN_HAS_ENOUGH(0.1),
  ORIGIN_CUTS(0.4),
  ORIGIN_CHANGES(0.4),
  ORIGIN_ANSWERS_LATE(0.1),
  HOST_IS_SILENT(0.05),
  JOB_KILLS_WORKER(0.15);

  private final double rate;

  Fault(double rate) {
    this.rate = rate;
  }

  double rate() {
    return rate;
  }
}
