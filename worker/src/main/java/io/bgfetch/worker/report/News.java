package io.bgfetch.worker.report;

import io.bgfetch.message.FetchEvent;
import io.vertx.core.Future;

/** Where the news of tasks goes: the shards. Used from the worker's context. */
public interface News {

  /**
   * Tells a shard something that matters only now: should it get lost, later news makes up for it.
   */
  void tell(int shard, FetchEvent event);

  /**
   * Tells a shard how a task ended. Tries until it is acknowledged; fails only when the process
   * stops before that.
   */
  Future<Void> deliver(int shard, FetchEvent.OfTask last);
}
