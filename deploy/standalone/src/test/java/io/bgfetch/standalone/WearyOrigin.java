package io.bgfetch.standalone;

import io.bgfetch.testkit.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An origin that has enough after some requests: from then on it answers 429 for a time, and says
 * for how long. It notes every request that begins.
 */
final class WearyOrigin implements AutoCloseable {

  private static final int THINKS_MILLIS = 50;

  private final Origin origin = Origin.start();
  private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
  private final int bears;
  private final Duration rest;
  private volatile long wearySince = Long.MAX_VALUE;

  /**
   * A request that came.
   *
   * @param at milliseconds since the epoch
   */
  record Request(long at, String uri, int status) {}

  /** One that rests so long with its {@code bears}-th request. */
  WearyOrigin(int bears, Duration rest) {
    this.bears = bears;
    this.rest = rest;
    var unused = origin.on("/", this::answer);
  }

  /** On one thread. */
  private void answer(HttpServerRequest request) {
    long now = System.currentTimeMillis();
    if (requests.size() + 1 == bears) {
      wearySince = now;
    }
    boolean resting = now >= wearySince && now < restsUntil();
    requests.add(new Request(now, request.uri(), resting ? 429 : 200));
    long left = resting ? restsUntil() - now : 0;
    Vertx.currentContext().owner().setTimer(THINKS_MILLIS, passed -> end(request, left));
  }

  private static void end(HttpServerRequest request, long millisLeft) {
    if (millisLeft > 0) {
      request
          .response()
          .setStatusCode(429)
          .putHeader("retry-after", "" + Math.ceilDiv(millisLeft, 1_000));
    }
    request.response().end("answer");
  }

  /** What a record asks of it. */
  String url(String record) {
    return origin.url("/?" + record);
  }

  String host() {
    return "127.0.0.1:" + origin.port();
  }

  /** When it takes requests again: milliseconds since the epoch. */
  long restsUntil() {
    return wearySince == Long.MAX_VALUE ? Long.MAX_VALUE : wearySince + rest.toMillis();
  }

  /** In the order of their coming. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    origin.close();
  }
}
