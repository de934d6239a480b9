package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import java.util.UUID;

/** What can change on the row of an active registration, as it was read under its lock. */
record RegistrationState(
    UUID uid,
    boolean paused,
    long version,
    int total,
    int dispatched,
    int settled,
    int succeeded,
    int failed,
    long downloadTotal,
    long downloaded,
    long uploaded,
    FetchResult firstFailure) {

  boolean exhausted() {
    return dispatched >= total;
  }
}
