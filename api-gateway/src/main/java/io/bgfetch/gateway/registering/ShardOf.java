package io.bgfetch.gateway.registering;

import java.util.UUID;
import java.util.function.IntSupplier;

/**
 * Which shard a registration belongs to. Stored with the registration, so that this may change.
 *
 * @param shards of the cluster, known once the gateway has started
 */
public record ShardOf(IntSupplier shards) {

  /** The low half of a UUIDv7 is random (RFC 9562, section 5.7). */
  int of(UUID uid) {
    return Math.floorMod(Long.hashCode(uid.getLeastSignificantBits()), shards.getAsInt());
  }
}
