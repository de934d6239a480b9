package io.bgfetch.gateway.news;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The latest versions that followers have heard of, or were shown, for as many registrations as
 * were news last. Nobody is told a state after a later one of the same registration.
 */
final class LatestVersions {

  private static final int REMEMBERED = 100_000;

  private final Map<UUID, Latest> latest = new Remembered();

  /**
   * Of one registration.
   *
   * @param state that all its followers heard of
   * @param click that all its followers heard of
   * @param shown state that somebody was shown who began to follow
   */
  private record Latest(long state, long click, long shown) {

    static final Latest NONE = new Latest(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);

    Latest heard(News news) {
      return news.isClick()
          ? new Latest(state, Math.max(click, news.version()), shown)
          : new Latest(Math.max(state, news.version()), click, shown);
    }

    Latest shown(News news) {
      return new Latest(state, click, Math.max(shown, news.version()));
    }
  }

  private static final class Remembered extends LinkedHashMap<UUID, Latest> {

    private static final long serialVersionUID = 1;

    Remembered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, Latest> eldest) {
      return size() > REMEMBERED;
    }
  }

  private Latest of(News news) {
    return latest.getOrDefault(news.uid(), Latest.NONE);
  }

  /**
   * Whether all followers may hear of it: the same once more, but nothing older. An end always: it
   * is the last state, and whoever has seen it knows. A click also after a later state: it was not
   * told of before that where it could not be published at once.
   */
  boolean hear(News news) {
    Latest before = of(news);
    boolean older =
        news.isClick()
            ? news.version() < before.click()
            : !news.isEnd()
                && news.version()
                    < Math.max(before.shown(), Math.max(before.state(), before.click()));
    if (!older) {
      latest.put(news.uid(), before.heard(news));
    }
    return !older;
  }

  /**
   * Whether somebody who follows may be shown this state, which was read after that: one who heard
   * of a later one meanwhile may not. A click meanwhile is no state.
   */
  boolean show(News news) {
    Latest before = of(news);
    boolean older = !news.isEnd() && news.version() < before.state();
    if (!older) {
      latest.put(news.uid(), before.shown(news));
    }
    return !older;
  }
}
