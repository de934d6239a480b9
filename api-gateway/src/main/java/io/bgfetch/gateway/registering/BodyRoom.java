package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;

/**
 * How long one request body may become.
 *
 * @param mostBytes that any may have
 * @param leftBytes of what its tenant may store
 * @param quotaBytes that its tenant may store
 */
record BodyRoom(long mostBytes, long leftBytes, long quotaBytes) {

  /**
   * Refuses a body that has become too long.
   *
   * @throws ProblemException of status 413 or 507
   */
  void require(long size) {
    if (size > mostBytes) {
      throw Problem.tooLarge("a request body is longer than " + mostBytes + " bytes").toException();
    }
    if (size > leftBytes) {
      throw Problem.quotaExceeded(quotaBytes).toException();
    }
  }
}
