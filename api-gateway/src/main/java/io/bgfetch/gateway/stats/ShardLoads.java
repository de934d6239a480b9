package io.bgfetch.gateway.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How many records run in the shards that this gateway owns. */
final class ShardLoads {

  private final SortedMap<Integer, Supplier<Map<String, Integer>>> shards = new TreeMap<>();

  /** So many records of a tenant run in a shard. */
  record Load(int shard, String tenant, int running) {}

  /** A shard is owned from now on; {@code running} tells what runs in it, by tenant. */
  void hold(int shard, Supplier<Map<String, Integer>> running) {
    shards.put(shard, running);
  }

  /** A shard is not owned any more, unless it is again since. */
  void leave(int shard, Supplier<Map<String, Integer>> running) {
    shards.remove(shard, running);
  }

  /** The shards that are owned. */
  List<Integer> held() {
    return List.copyOf(shards.keySet());
  }

  /** What runs in them now; tenants of which nothing runs are left out. */
  List<Load> now() {
    List<Load> loads = new ArrayList<>();
    shards.forEach(
        (shard, running) ->
            running.get().forEach((tenant, count) -> loads.add(new Load(shard, tenant, count))));
    return loads;
  }
}
