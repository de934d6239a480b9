package io.bgfetch.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has not asked for yet: of each registration only the latest state, which may be
 * that of its end, and the latest click. Nothing older of a registration comes behind something
 * newer. Used under its owner's lock.
 */
final class UnreadEvents {
  private final Map<String, BackgroundFetchEvent> states = new LinkedHashMap<>();
  private final Map<String, BackgroundFetchEvent> clicks = new LinkedHashMap<>();

  int size() {
    return states.size() + clicks.size();
  }

  void add(BackgroundFetchEvent event) {
    String uid = event.registration().uid();
    if (event.isClick()) {
      clicks.put(uid, event);
    } else {
      states.put(uid, event);
    }
  }

  /** The one that waits longest, and what is older of the same registration before it. */
  @Nullable BackgroundFetchEvent poll() {
    if (states.isEmpty()) {
      return clicks.isEmpty() ? null : clicks.remove(clicks.keySet().iterator().next());
    }
    String uid = states.keySet().iterator().next();
    BackgroundFetchEvent state = states.get(uid);
    BackgroundFetchEvent click = clicks.get(uid);
    boolean clickFirst =
        click != null
            && state != null
            && click.registration().version() < state.registration().version();
    return clickFirst ? clicks.remove(uid) : states.remove(uid);
  }
}
