package io.bgfetch.gateway.shard;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many there are of each name. What there is nothing of takes no room. */
final class Counts {

  private final Map<String, Integer> byName = new HashMap<>();

  int of(String name) {
    return byName.getOrDefault(name, 0);
  }

  void add(String name, int more) {
    if (more != 0) {
      byName.merge(name, more, Counts::sum);
    }
  }

  /** Null, which removes the entry, where nothing is left. */
  private static @Nullable Integer sum(Integer one, Integer other) {
    int sum = one + other;
    return sum == 0 ? null : sum;
  }

  /** Those of which there is something. */
  Set<String> names() {
    return byName.keySet();
  }

  /** How many there are of each of them now. */
  Map<String, Integer> all() {
    return Map.copyOf(byName);
  }

  void clear() {
    byName.clear();
  }
}
