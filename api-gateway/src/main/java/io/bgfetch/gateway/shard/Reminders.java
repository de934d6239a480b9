package io.bgfetch.gateway.shard;

import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What workers are told again who show that they do not know it: each thing at most once a second,
 * however often they show.
 */
final class Reminders {

  private final Map<Task, Long> drops = new HashMap<>();
  private final Map<UUID, Long> pauses = new HashMap<>();

  /** A task is not current. */
  void drop(Task task, long clock, Decision decision) {
    if (due(drops, task, clock)) {
      decision.say(new ControlMessage.Drop(task));
    }
  }

  /** Somebody runs what is paused: the order was lost, or is still on its way. */
  void pause(ActiveRegistration registration, long clock, Decision decision) {
    if (due(pauses, registration.uid(), clock)) {
      decision.say(new ControlMessage.Pause(registration.uid(), registration.state().version()));
    }
  }

  /** A second has passed. */
  void tick(long clock) {
    drops.values().removeIf(at -> at < clock - 1);
    pauses.values().removeIf(at -> at < clock - 1);
  }

  private static <K> boolean due(Map<K, Long> said, K key, long clock) {
    if (said.getOrDefault(key, Long.MIN_VALUE) >= clock) {
      return false;
    }
    said.put(key, clock);
    return true;
  }
}
