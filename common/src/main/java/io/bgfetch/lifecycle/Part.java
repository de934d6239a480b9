package io.bgfetch.lifecycle;

import io.vertx.core.Future;

/** Something that runs: it is started once and stopped once, and stopping it twice is no error. */
public interface Part {

  /** Completes when the part is ready for use. A part that failed to start has cleaned up. */
  Future<Void> start();

  /** Completes when everything that the part owned is closed. */
  Future<Void> stop();
}
