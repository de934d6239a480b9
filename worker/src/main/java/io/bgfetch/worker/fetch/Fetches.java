package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.vertx.core.Future;

/** Begins fetches. */
public interface Fetches {

  /**
   * A fetch that has its turn.
   *
   * @param laneHost the host whose lane it came by
   * @param clearance says when it may send
   */
  RunningFetch begin(FetchJob job, Task task, String laneHost, Clearance clearance);

  /** Tries whether the blob store takes bytes; fails where it does not. Nothing of it stays. */
  Future<Void> probeStore();
}
