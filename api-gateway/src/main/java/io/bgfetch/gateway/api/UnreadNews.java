package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.News;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the reader of a stream is to be shown next. Of each registration only the latest state waits
 * and the latest click; nothing older comes after something newer. Where more waits than fits, news
 * are lost, and the reader has to be shown how things are instead.
 */
final class UnreadNews {

  /** How many characters of news may wait. */
  private static final int ROOM = 128 * 1024;

  /** A state and a click, which is all that waits on the stream of one registration, always fit. */
  private static final int ALWAYS = 2;

  /** The order is kept by the audience: this only spares readers what they have seen just now. */
  private static final int REMEMBERED = 256;

  private final boolean stateFirst;
  private final Map<Slot, Waiting> waiting = new LinkedHashMap<>();
  private final Map<UUID, Seen> shown = new Shown();
  private int room = ROOM;
  private boolean lost;

  /**
   * Of a reader who has not seen anything.
   *
   * @param stateFirst whether clicks wait until the reader has seen a state of their registration
   */
  UnreadNews(boolean stateFirst) {
    this.stateFirst = stateFirst;
  }

  /** Where news wait: the later takes the place of the earlier. */
  private record Slot(UUID uid, boolean click) {}

  /** News, and how much of the room they take: what was read for this reader takes none. */
  private record Waiting(News news, int size) {}

  /** The version of the latest state that the reader has seen, and that of the latest click. */
  private record Seen(long state, long click) {

    static final Seen NOTHING = new Seen(Long.MIN_VALUE, Long.MIN_VALUE);

    /** An end is not missed for a click, nor a click that had to be sent again for a state. */
    boolean isOlderThan(News news) {
      return news.isClick()
          ? news.version() > click
          : news.version() > state && (news.version() >= click || news.isEnd());
    }

    boolean nothingOfItsState() {
      return state == NOTHING.state;
    }

    Seen with(News news) {
      return news.isClick() ? new Seen(state, news.version()) : new Seen(news.version(), click);
    }
  }

  /** What the reader has seen last of some registrations. */
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

  /** Takes what has just happened, unless something newer was shown or waits, or it is lost. */
  void offer(News news) {
    if (!lost) {
      offer(news, news.json().length());
      if (room < 0 && waiting.size() > ALWAYS) {
        lose();
      }
    }
  }

  /** Takes what was read for this reader, unless something newer was shown or waits. */
  void show(News news) {
    offer(news, 0);
  }

  private void offer(News news, int size) {
    Slot slot = new Slot(news.uid(), news.isClick());
    Waiting before = waiting.get(slot);
    if (!seen(news.uid()).isOlderThan(news)
        || (before != null && before.news().version() >= news.version())) {
      return;
    }
    if (before != null) {
      room += before.size();
    }
    Slot beside = new Slot(news.uid(), !news.isClick());
    Waiting other = waiting.get(beside);
    if (other != null) {
      waiting.remove(slot); // to the end, behind what is older than it
    }
    waiting.put(slot, new Waiting(news, size));
    room -= size;
    if (other != null && other.news().version() > news.version()) {
      waiting.remove(beside);
      waiting.put(beside, other);
    }
  }

  private void lose() {
    lost = true;
    waiting.values().removeIf(one -> one.size() > 0);
    room = ROOM;
  }

  /** Whether news were lost. */
  boolean lost() {
    return lost;
  }

  /** From now on nothing is lost: what was is made up for. */
  void makeUp() {
    lost = false;
  }

  /** The next to show, which from now on was seen; null where nothing may be shown now. */
  @Nullable News poll() {
    Iterator<Waiting> first = waiting.values().iterator();
    while (first.hasNext()) {
      Waiting next = first.next();
      News news = next.news();
      Seen seen = seen(news.uid());
      if (stateFirst && news.isClick() && seen.nothingOfItsState()) {
        continue;
      }
      first.remove();
      room += next.size();
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
    shown.clear();
    room = ROOM;
  }
}
