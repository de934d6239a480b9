package io.bgfetch.gateway.registering;

import java.util.UUID;

/**
 * A registration that is being made.
 *
 * @param shard whose it will be for life
 */
record NewRegistration(UUID uid, String tenant, int shard, RegistrationHead head) {}
