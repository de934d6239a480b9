package io.bgfetch.gateway.shard;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * How many jobs a shard may have waiting before anything is settled. All shards together may have
 * about as many as one worker holds. A gateway has as large a part of them as of the shards, and
 * those of its shards share it that have registrations: one that is alone need not begin as slowly
 * as one of many. Belongs to one context.
 */
final class Floors {

  private static final int ALL = 2_048;
  private static final int SMALLEST = 16;
  private static final int LARGEST = 512;

  private final int shards;
  private final IntSupplier owned;
  private final Set<Integer> active = new HashSet<>();

  /**
   * Floors of shards of which none has registrations yet.
   *
   * @param shards of the cluster
   * @param owned how many of them are this gateway's
   */
  Floors(int shards, IntSupplier owned) {
    this.shards = shards;
    this.owned = owned;
  }

  /** Where each of so many shards has as much to do as the others. */
  static int even(int shards) {
    return shared(ALL, shards);
  }

  private static int shared(int all, int shards) {
    return Math.clamp(all / Math.max(1, shards), SMALLEST, LARGEST);
  }

  /** That of a shard, which says whether it has registrations now. */
  int of(int shard, boolean hasRegistrations) {
    if (hasRegistrations) {
      active.add(shard);
    } else {
      active.remove(shard);
    }
    return shared(ALL * owned.getAsInt() / shards, active.size());
  }

  /** The shard is this gateway's no more. */
  void leave(int shard) {
    active.remove(shard);
  }
}
