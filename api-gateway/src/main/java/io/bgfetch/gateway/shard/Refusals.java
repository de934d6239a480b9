package io.bgfetch.gateway.shard;

import io.bgfetch.message.Task;
import java.util.HashMap;
import java.util.Map;

/** Who was told that its task is not current: each at most once a second. */
final class Refusals {

  private final Map<Task, Long> told = new HashMap<>();

  /** Whether the task is to be told now. */
  boolean due(Task task, long clock) {
    if (told.getOrDefault(task, Long.MIN_VALUE) >= clock) {
      return false;
    }
    told.put(task, clock);
    return true;
  }

  /** A second has passed. */
  void tick(long clock) {
    told.values().removeIf(at -> at < clock - 1);
  }
}
