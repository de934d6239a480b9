package io.bgfetch.bench;

/** Something that fetches bodies. */
interface Program {

  String name();

  /** In what way it is used here: connections, processes. */
  String how();

  /**
   * Fetches all of them, verifies every one after it has taken the time, and makes room again.
   *
   * @throws Failure it did not; others can still be measured
   */
  Run fetch(Bodies bodies) throws Failure, InterruptedException;
}
