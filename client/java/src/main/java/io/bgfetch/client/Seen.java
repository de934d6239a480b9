package io.bgfetch.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which state of each registration was seen last, and which click, so that nothing is told twice,
 * nor an older state after a newer one, when a stream begins again at another gateway. A click is
 * compared with clicks only: it may have the version of the state that was read before it came, and
 * comes after a later state where it could not be told of at once. It remembers the registrations
 * that were heard of last. Used by one thread.
 */
final class Seen {
  private static final int MOST = 1 << 16;

  private final Map<Told, Long> versions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Told, Long> eldest) {
          return size() > MOST;
        }
      };

  private record Told(String uid, boolean click) {}

  /** Whether it is newer than what was seen of its registration; it is seen from now on. */
  boolean isNews(BackgroundFetchEvent event) {
    RegistrationState state = event.registration();
    Told told = new Told(state.uid(), event.type().equals("backgroundfetchclick"));
    Long last = versions.get(told);
    if (last != null && last >= state.version()) {
      return false;
    }
    versions.put(told, state.version());
    return true;
  }
}
