package io.bgfetch.fetch;

import java.util.Set;

/**
 * What a registration says about trying again.
 *
 * @param limit attempts that may be made without a new byte, the first one included; at least 1
 * @param statuses statuses that are tried again instead of kept
 * @param unsafe whether requests with methods that are not safe may be sent more than once
 */
public record RetryPolicy(int limit, Set<Integer> statuses, boolean unsafe) {

  public static final RetryPolicy DEFAULT = new RetryPolicy(5, Set.of(), false);

  public RetryPolicy {
    statuses = Set.copyOf(statuses);
    if (limit < 1) {
      throw new IllegalArgumentException("retry.limit is at least 1, not " + limit);
    }
  }
}
