package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;

/**
 * How much may be stored for one record.
 *
 * @param bytes in all, those included that are stored; {@link Long#MAX_VALUE} for any number
 * @param overrun what the record ends as when there are more
 */
record Allowance(long bytes, FetchResult overrun) {}
