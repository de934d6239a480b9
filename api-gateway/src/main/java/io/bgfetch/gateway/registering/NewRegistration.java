package io.bgfetch.gateway.registering;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registration that is being made.
 *
 * @param shard whose it will be for life
 * @param claim of the idempotency key that will remember it, null where it has none
 */
record NewRegistration(
    UUID uid, String tenant, int shard, RegistrationHead head, @Nullable KeyClaim claim) {}
