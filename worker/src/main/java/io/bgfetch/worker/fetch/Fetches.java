package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.vertx.core.Future;

/** Begins fetches. */
public interface Fetches {

  /**
   * A fetch that has its turn.
   *
   * @param clearance says when it may send
   * @param signs hears what the hosts say that it asks
   */
  RunningFetch begin(FetchJob job, Task task, Clearance clearance, OriginSigns signs);

  /** Tries whether the blob store takes bytes; fails where it does not. Nothing of it stays. */
  Future<Void> probeStore();
}
