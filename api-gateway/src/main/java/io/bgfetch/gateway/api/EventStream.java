package io.bgfetch.gateway.api;

import io.bgfetch.gateway.news.Follower;
import io.bgfetch.gateway.news.News;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream of server-sent events (HTML standard, section 9.2). A reader that is slow gets only
 * the latest state of each registration, and the latest click; of one registration nobody gets
 * something older after something newer. Used on the context of its connection.
 */
final class EventStream implements Follower {

  private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final EventIds ids;
  private final boolean endsWithEnd;
  private final UnreadNews unread = new UnreadNews();
  private @Nullable Promise<Void> whenDrained;
  private Runnable whenClosed = () -> {};
  private long timer = -1;
  private boolean closed;

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

  /** Gives the reader an id before the first event, to go on from should it lose the stream now. */
  void identify(String id) {
    if (!closed) {
      response.write("id: " + id + "\n\n").onFailure(gone -> close());
    }
  }

  @Override
  public void hear(News news) {
    if (!closed) {
      unread.offer(news);
      write();
    }
  }

  /** Ends when nothing waits any more for the reader. */
  Future<Void> drained() {
    if (unread.isEmpty() || closed) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    whenDrained = promise;
    return promise.future();
  }

  private void write() {
    while (!closed && !response.writeQueueFull()) {
      News news = unread.poll();
      if (news == null) {
        break;
      }
      write(news);
    }
    if (unread.isEmpty() || closed) {
      tellDrained();
    }
  }

  private void write(News news) {
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
    if (closed) {
      return;
    }
    if (!response.writeQueueFull()) {
      response.write(":\n\n").onFailure(gone -> close());
    }
    if (closed) { // nobody was there any more: no handler of the response says so
      return;
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
      unread.clear();
      tellDrained();
      whenClosed.run();
    }
  }

  boolean closed() {
    return closed;
  }
}
