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
 * something older after something newer. One that is so slow that too much waits for it is shown
 * how things are, once it has read what it was sent. Used on the context of its connection.
 */
final class EventStream implements Follower {

  private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final EventFrames frames;
  private final CatchUp catchUp;
  private final UnreadNews unread;
  private @Nullable Promise<Void> whenDrained;
  private Runnable whenClosed = () -> {};
  private long timer = -1;
  private boolean catchingUp;
  private boolean closed;

  /** How things are, for a reader that begins or that lost news; and how far it has got. */
  interface CatchUp {

    /** Shows how things are now. Where that fails the stream ends. */
    Future<Void> show(EventStream stream);

    /**
     * The id of an event.
     *
     * @param upToDate whether nothing that the stream has heard waits behind it
     */
    String idOf(News news, boolean upToDate);

    /** Whether no click comes before a state of its registration. */
    boolean beginsWithState();

    /** Whether the stream ends with this event. */
    boolean isLast(News news);
  }

  EventStream(Vertx vertx, HttpServerResponse response, EventFrames frames, CatchUp catchUp) {
    this.vertx = vertx;
    this.response = response;
    this.frames = frames;
    this.catchUp = catchUp;
    this.unread = new UnreadNews(catchUp.beginsWithState());
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
    if (!closed) {
      catchUp();
    }
  }

  private void catchUp() {
    catchingUp = true;
    unread.makeUp();
    catchUp.show(this).onComplete(shown -> caughtUp(shown.succeeded()));
  }

  private void caughtUp(boolean succeeded) {
    catchingUp = false;
    if (succeeded) {
      write();
    } else {
      end();
    }
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

  /** Shows a state that was read for this stream. */
  void show(News news) {
    if (!closed) {
      unread.show(news);
      write();
    }
  }

  /** Ends when nothing waits any more for the reader, and there is room for more. */
  Future<Void> drained() {
    if (closed || hasRoom()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    whenDrained = promise;
    return promise.future();
  }

  /** Whether nothing waits for the reader, and what is shown next goes out at once. */
  boolean hasRoom() {
    return unread.isEmpty() && !response.writeQueueFull();
  }

  private void write() {
    while (!closed && !response.writeQueueFull()) {
      News news = unread.poll();
      if (news == null) {
        tellDrained();
        break;
      }
      write(news);
    }
    if (unread.lost() && !catchingUp && !closed && !response.writeQueueFull()) {
      catchUp();
    }
  }

  private void write(News news) {
    boolean upToDate = unread.isEmpty() && !unread.lost() && !catchingUp;
    response.write(frames.of(news, catchUp.idOf(news, upToDate))).onFailure(gone -> close());
    if (catchUp.isLast(news)) {
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
