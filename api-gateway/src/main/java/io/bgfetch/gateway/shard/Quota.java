package io.bgfetch.gateway.shard;

import java.util.HashMap;
import java.util.Map;

/**
 * What tenants may store, and what they have stored as far as this shard knows: what was last read
 * of all shards, and what came to it here since.
 */
final class Quota {

  /** No quota: tenants store what they like, and nobody looks at how much that is. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private final long bytes;
  private final Map<String, Long> stored = new HashMap<>();

  /**
   * Makes one.
   *
   * @param bytes that each tenant may store, or {@link #UNLIMITED}
   */
  Quota(long bytes) {
    this.bytes = bytes;
  }

  boolean limited() {
    return bytes != UNLIMITED;
  }

  /** What tenants have stored by now; those that are not named have nothing. */
  void read(Map<String, Long> sums) {
    stored.clear();
    stored.putAll(sums);
  }

  /** Here came so many bytes to it, or were thrown away. */
  void count(String tenant, long more) {
    if (limited() && more != 0) {
      stored.merge(tenant, more, Long::sum);
    }
  }

  /** What the tenant may still store; negative where it has more than it may. */
  long left(String tenant) {
    return limited() ? bytes - stored.getOrDefault(tenant, 0L) : UNLIMITED;
  }
}
