package io.bgfetch.gateway.registering;

import java.time.Duration;
import java.util.UUID;

/**
 * The right of one request to make the registration of its idempotency key.
 *
 * @param holder random; who holds the key in the database
 * @param identity of the body, complete once the body was read
 * @param keep how long the registration is remembered
 */
record KeyClaim(String tenant, String key, UUID holder, BodyIdentity identity, Duration keep) {}
