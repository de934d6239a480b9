package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;

/** Begins fetches. */
public interface Fetches {

  /**
   * A fetch that has its turn.
   *
   * @param laneHost the host whose lane it came by
   * @param clearance says when it may send
   */
  RunningFetch begin(FetchJob job, Task task, String laneHost, Clearance clearance);
}
