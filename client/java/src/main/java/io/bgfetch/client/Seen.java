package io.bgfetch.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was seen last of each registration, so that nothing is told twice, nor an older state after
 * something newer, when a stream begins again at another gateway. Only an end is told also behind a
 * newer click: while a stream was away the click may come first. A click is told also behind a
 * newer state: it comes late where it could not be published at once. It remembers the
 * registrations that were heard of last. Used by one thread.
 */
final class Seen {
  private static final int MOST = 1 << 16;

  private final Map<String, Versions> registrations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Versions> eldest) {
          return size() > MOST;
        }
      };

  /** The version of the latest state that was seen of a registration, and of the latest click. */
  private record Versions(long state, long click) {
    static final Versions NONE = new Versions(Long.MIN_VALUE, Long.MIN_VALUE);

    /** A click and a state may have the same version. */
    boolean areOlderThan(BackgroundFetchEvent event) {
      long version = event.registration().version();
      return event.isClick()
          ? version > click
          : version > state && (version >= click || event.isEnd());
    }

    Versions with(BackgroundFetchEvent event) {
      long version = event.registration().version();
      return event.isClick() ? new Versions(state, version) : new Versions(version, click);
    }
  }

  /** Whether the event is newer than what was seen of its registration; it is seen from now on. */
  boolean isNews(BackgroundFetchEvent event) {
    String uid = event.registration().uid();
    Versions last = registrations.getOrDefault(uid, Versions.NONE);
    if (!last.areOlderThan(event)) {
      return false;
    }
    registrations.put(uid, last.with(event));
    return true;
  }
}
