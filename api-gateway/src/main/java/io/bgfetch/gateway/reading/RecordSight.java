package io.bgfetch.gateway.reading;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.BodyState.Unreadable;

/**
 * One look at a record.
 *
 * @param available whether the records of its registration are; who began before may finish
 */
record RecordSight(boolean available, BodyState body) {

  /** What is seen where there is no such record. */
  static final RecordSight NOTHING =
      new RecordSight(true, new Unreadable(Problem.notFound("there is no such record")));

  /** What somebody may read who begins now. */
  BodyState toBegin() {
    return available ? body : new Unreadable(Records.NOT_AVAILABLE);
  }
}
