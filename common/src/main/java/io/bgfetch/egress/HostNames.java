package io.bgfetch.egress;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Where the addresses behind host names come from. Safe for use by many threads. */
public interface HostNames extends AutoCloseable {

  /**
   * Looks a name up, in bounded time and without blocking.
   *
   * @param name a host name as a URL has it, never an address
   * @return its addresses, at least one, in the order to try them; fails with {@link UnknownHost}
   *     or {@link ResolutionFailed}. Completes on any thread.
   */
  Future<List<InetAddress>> addressesOf(String name);

  /** Ends what is under way and frees what it holds, without waiting for it. */
  @Override
  void close();
}
