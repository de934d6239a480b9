package io.bgfetch.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which version of each registration was seen last, so that nothing is told twice, nor anything
 * older after something newer, when a stream begins again at another gateway. It remembers the
 * registrations that were heard of last. Used by one thread.
 */
final class Seen {
  private static final int MOST = 1 << 16;

  private final Map<String, Long> versions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST;
        }
      };

  /** Whether the state is newer than what was seen of its registration; it is seen from now on. */
  boolean isNews(RegistrationState state) {
    Long last = versions.get(state.uid());
    if (last != null && last >= state.version()) {
      return false;
    }
    versions.put(state.uid(), state.version());
    return true;
  }
}
