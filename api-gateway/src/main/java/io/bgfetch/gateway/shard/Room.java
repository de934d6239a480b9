package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;

/**
 * How many bytes more a registration may store; {@link Long#MAX_VALUE} for any number.
 *
 * @param declared by its {@code downloadTotal}
 * @param ofQuota by what its tenant may store; negative where that is used up and more
 */
record Room(long declared, long ofQuota) {

  /** How much may be stored for one of its records, so that the others keep what they have. */
  Allowance allowance(UnderWay record) {
    return declared <= ofQuota
        ? new Allowance(with(declared, record), FetchResult.DOWNLOAD_TOTAL_EXCEEDED)
        : new Allowance(with(ofQuota, record), FetchResult.QUOTA_EXCEEDED);
  }

  private static long with(long left, UnderWay record) {
    return left == Long.MAX_VALUE ? left : Math.max(0, left + record.downloaded());
  }

  /** What the registration ends as when so many bytes more are stored; none where they may be. */
  FetchResult overrunBy(long more) {
    if (more > declared) {
      return FetchResult.DOWNLOAD_TOTAL_EXCEEDED;
    }
    return more > 0 && more > ofQuota ? FetchResult.QUOTA_EXCEEDED : FetchResult.NONE;
  }
}
