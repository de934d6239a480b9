package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.Follower;
import io.bgfetch.gateway.news.News;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stream of server-sent events (HTML standard, section 9.2). A reader that is slow gets only
 * the latest state of each registration, and the latest click; of one registration nobody gets
 * something older after something newer. Used on the context of its connection.
 */
final class EventStream implements Follower {

  private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);
  private static final int REMEMBERED = 20_000;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final EventIds ids;
  private final boolean endsWithEnd;
  private final Map<Slot, News> waiting = new LinkedHashMap<>();
  private final Map<UUID, Seen> shown = new Shown();
  private @Nullable Promise<Void> whenDrained;
  private Runnable whenClosed = () -> {};
  private long timer = -1;
  private boolean closed;

  /** Where news wait for the reader. */
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

  /** Makes the id of an event. */
  interface EventIds {
    String of(News news);
  }

  /**
   * Makes a stream.
   *
   * @param endsWithEnd whether the stream ends with the first end event
   */
  EventStream(Vertx vertx, HttpServerResponse response, EventIds ids, boolean endsWithEnd) {
    this.vertx = vertx;
    this.response = response;
    this.ids = ids;
    this.endsWithEnd = endsWithEnd;
  }

  /** Sends the head of the answer; {@code whenClosed} is called once, however the stream ends. */
  void open(Runnable whenClosed) {
    this.whenClosed = whenClosed;
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Accel-Buffering", "no")
        .closeHandler(gone -> close())
        .exceptionHandler(gone -> close())
        .drainHandler(drained -> write());
    comment();
  }

  @Override
  public void hear(News news) {
    if (closed || !shown.getOrDefault(news.uid(), Seen.NOTHING).isOlderThan(news)) {
      return;
    }
    Slot slot = new Slot(news.uid(), news.isClick());
    News before = waiting.get(slot);
    if (before != null && before.version() >= news.version()) {
      return;
    }
    if (waiting.containsKey(new Slot(news.uid(), !news.isClick()))) {
      waiting.remove(slot); // to the end, behind what is older than it
    }
    waiting.put(slot, news);
    write();
  }

  /** Ends when nothing waits any more for the reader. */
  Future<Void> drained() {
    if (waiting.isEmpty() || closed) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    whenDrained = promise;
    return promise.future();
  }

  private void write() {
    Iterator<News> next = waiting.values().iterator();
    while (!closed && next.hasNext() && !response.writeQueueFull()) {
      News news = next.next();
      next.remove();
      write(news);
    }
    if (waiting.isEmpty() || closed) {
      tellDrained();
    }
  }

  private void write(News news) {
    shown.merge(news.uid(), Seen.NOTHING.with(news), (seen, first) -> seen.with(news));
    response
        .write(
            "event: "
                + news.kind().eventName()
                + "\nid: "
                + ids.of(news)
                + "\ndata: "
                + news.json()
                + "\n\n")
        .onFailure(gone -> close());
    if (endsWithEnd && news.isEnd()) {
      end();
    }
  }

  private void tellDrained() {
    Promise<Void> asked = whenDrained;
    whenDrained = null;
    if (asked != null) {
      asked.complete();
    }
  }

  /** Keeps proxies from believing that nobody is there. */
  private void comment() {
    if (!response.writeQueueFull()) {
      response.write(":\n\n").onFailure(gone -> close());
    }
    timer = vertx.setTimer(COMMENT_EVERY.toMillis(), fired -> comment());
  }

  @Override
  public void end() {
    if (!closed) {
      close();
      response.end().onFailure(gone -> {});
    }
  }

  private void close() {
    if (!closed) {
      closed = true;
      vertx.cancelTimer(timer);
      waiting.clear();
      tellDrained();
      whenClosed.run();
    }
  }

  boolean closed() {
    return closed;
  }
}
