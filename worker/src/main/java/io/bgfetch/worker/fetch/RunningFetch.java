package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchEvent;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt at one record that has its turn. Belongs to the worker's context. */
public interface RunningFetch {

  /**
   * Performs it; called once.
   *
   * @return the event that ends it; empty when it was cut. A {@link FetchEvent.Yielded} that {@link
   *     #giveBack} did not ask for means that the blob store takes no bytes. Never fails.
   */
  Future<Optional<FetchEvent.OfTask>> perform();

  /** Ends it here and now, silently. */
  void cut();

  /**
   * Ends it soon, for another worker to go on: what came is made durable and told first, as far as
   * that takes no more than two seconds.
   *
   * @param why one line for people
   * @param notBefore when it is worth another attempt, in milliseconds since the epoch; null where
   *     it is at once
   */
  void giveBack(String why, @Nullable Long notBefore);

  /** Looks after its deadlines and after what readers wait for. */
  void tick(long now);

  /**
   * Whether it has waited too long for a place at a host that a redirect leads to, and is better
   * off elsewhere. Neither the origin nor the blob store is to blame.
   */
  boolean stranded(long now);

  /** Body bytes received, those included that earlier attempts left to go on from. */
  long downloaded();

  /** Bytes of the request body that went out. */
  long uploaded();

  /** How long it has been connected. */
  long connectedMillis();
}
