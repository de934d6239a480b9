package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.util.UUID;

/** What a registration was made with and what never changes. */
record RegistrationTerms(
    UUID uid, String tenant, int shard, RetryPolicy retry, Timeouts timeouts) {}
