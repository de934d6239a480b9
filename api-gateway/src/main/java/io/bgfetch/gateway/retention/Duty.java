package io.bgfetch.gateway.retention;

import io.vertx.core.Future;

/**
 * Something that is to be done again and again, a bounded piece at a time. Each piece may be done
 * twice, or by two gateways at once, and then counts once.
 */
interface Duty {

  /** What it is called in logs and in its lease. */
  String name();

  /**
   * Does a piece.
   *
   * @return whether there may be more to do at once
   */
  Future<Boolean> run();
}
