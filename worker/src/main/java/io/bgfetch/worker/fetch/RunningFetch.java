package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchEvent;
import io.vertx.core.Future;
import java.util.Optional;

/** One attempt at one record that has its turn. Belongs to the worker's context. */
public interface RunningFetch {

  /**
   * Performs it; called once.
   *
   * @return the event that ends it; empty when it was cut. Never fails.
   */
  Future<Optional<FetchEvent.OfTask>> perform();

  /** Ends it here and now, silently. */
  void cut();

  /** Looks after its deadlines and after what readers wait for. */
  void tick(long now);

  /** Body bytes received. */
  long downloaded();

  /** Bytes of the request body that went out. */
  long uploaded();
}
