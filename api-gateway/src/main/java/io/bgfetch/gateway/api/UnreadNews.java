package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.News;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the reader of a stream is to be shown next. Of each registration only the latest state waits
 * and the latest click; nothing older comes after something newer.
 */
final class UnreadNews {

  private static final int REMEMBERED = 20_000;

  private final Map<Slot, News> waiting = new LinkedHashMap<>();
  private final Map<UUID, Seen> shown = new Shown();

  /** Where news wait: the later takes the place of the earlier. */
  private record Slot(UUID uid, boolean click) {}

  /** The version of the latest state that the reader has seen, and that of the latest click. */
  private record Seen(long state, long click) {

    static final Seen NOTHING = new Seen(Long.MIN_VALUE, Long.MIN_VALUE);

    /** A click and a state may have the same version; an end is not missed for a click. */
    boolean isOlderThan(News news) {
      return news.isClick()
          ? news.version() > click && news.version() >= state
          : news.version() > state && (news.version() >= click || news.isEnd());
    }

    Seen with(News news) {
      return news.isClick() ? new Seen(state, news.version()) : new Seen(news.version(), click);
    }
  }

  /** What the reader has seen last of each registration. */
  private static final class Shown extends LinkedHashMap<UUID, Seen> {

    private static final long serialVersionUID = 1;

    Shown() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, Seen> eldest) {
      return size() > REMEMBERED;
    }
  }

  /** Takes news, unless something newer was shown or waits. */
  void offer(News news) {
    Slot slot = new Slot(news.uid(), news.isClick());
    News before = waiting.get(slot);
    if (!seen(news.uid()).isOlderThan(news)
        || (before != null && before.version() >= news.version())) {
      return;
    }
    if (waiting.containsKey(new Slot(news.uid(), !news.isClick()))) {
      waiting.remove(slot); // to the end, behind what is older than it
    }
    waiting.put(slot, news);
  }

  /** The next to show, which from now on was seen; null where nothing waits. */
  @Nullable News poll() {
    Iterator<News> first = waiting.values().iterator();
    while (first.hasNext()) {
      News news = first.next();
      first.remove();
      Seen seen = seen(news.uid());
      if (seen.isOlderThan(news)) {
        shown.put(news.uid(), seen.with(news));
        return news;
      }
    }
    return null;
  }

  private Seen seen(UUID uid) {
    return shown.getOrDefault(uid, Seen.NOTHING);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void clear() {
    waiting.clear();
  }
}
