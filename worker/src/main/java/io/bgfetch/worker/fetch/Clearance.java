package io.bgfetch.worker.fetch;

import io.vertx.core.Future;

/**
 * Says when one task may send. Completed futures hold only for the moment in which they complete,
 * so the sender must not let anything come between. Both wait as long as it takes, also while the
 * host is blocked, and fail when the task is cut.
 */
public interface Clearance {

  /** For the first request of an attempt: a permission that is still good, asked for if need be. */
  Future<Void> firstByte();

  /**
   * For what a redirect leads to, which is no second sending: nothing was cancelled meanwhile.
   *
   * @param host {@code host:port} that is asked
   */
  Future<Void> furtherHop(String host);
}
