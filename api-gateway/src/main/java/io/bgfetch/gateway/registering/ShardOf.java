package io.bgfetch.gateway.registering;

import java.util.UUID;

/**
 * Which shard a registration belongs to. Stored with the registration, so that this may change.
 *
 * @param shards of the cluster
 */
public record ShardOf(int shards) {

  public ShardOf {
    if (shards < 1) {
      throw new IllegalArgumentException("a cluster has at least one shard, not " + shards);
    }
  }

  /** The low half of a UUIDv7 is random (RFC 9562, section 5.7). */
  int of(UUID uid) {
    return Math.floorMod(Long.hashCode(uid.getLeastSignificantBits()), shards);
  }
}
