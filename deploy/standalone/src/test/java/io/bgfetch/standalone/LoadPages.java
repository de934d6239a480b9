package io.bgfetch.standalone;

import io.bgfetch.testkit.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves every {@link LoadPage} of an origin, from anywhere on where a Range asks for it, and
 * remembers how often and when each was asked for. Thread-safe.
 */
final class LoadPages {
  private static final int BAD_REQUEST = 400;
  private static final int PARTIAL = 206;
  private static final int NOT_SATISFIABLE = 416;

  private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();

  private LoadPages() {}

  /**
   * How a page was asked for.
   *
   * @param times how often
   * @param lastNanos when last, by {@link System#nanoTime}
   */
  record Sighting(int times, long lastNanos) {
    static final Sighting NONE = new Sighting(0, 0);

    private Sighting and(Sighting next) {
      return new Sighting(times + next.times, next.lastNanos);
    }
  }

  static LoadPages on(Origin origin) {
    LoadPages pages = new LoadPages();
    var unused = origin.on(LoadPage.PATH, pages::answer);
    return pages;
  }

  Sighting sighting(LoadPage page) {
    return sightings.getOrDefault(page.name(), Sighting.NONE);
  }

  private void answer(HttpServerRequest request) {
    LoadPage page = LoadPage.ofUrl(request.uri());
    sightings.merge(page.name(), new Sighting(1, System.nanoTime()), Sighting::and);
    request.body().onSuccess(body -> after(page.delayMillis(), () -> answer(request, page, body)));
  }

  private static void answer(HttpServerRequest request, LoadPage page, Buffer upload) {
    if (page.status() == 0) {
      request.connection().close();
    } else if (!Arrays.equals(upload.getBytes(), page.uploadBody())) {
      request.response().setStatusCode(BAD_REQUEST).end("not what was to be sent");
    } else {
      answer(request, page);
    }
  }

  private static void answer(HttpServerRequest request, LoadPage page) {
    String range = request.getHeader("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    int end = page.cut() == 0 ? page.size() : Math.min(page.size(), from + page.cut());
    HttpServerResponse response =
        request
            .response()
            .putHeader("ETag", "\"" + page.name() + "\"")
            .setStatusCode(page.status());
    if (range != null && from >= page.size()) {
      response.putHeader("Content-Range", "bytes */" + page.size());
      response.setStatusCode(NOT_SATISFIABLE).end();
      return;
    }
    if (range != null) {
      String part = "bytes %d-%d/%d".formatted(from, page.size() - 1, page.size());
      response.putHeader("Content-Range", part).setStatusCode(PARTIAL);
    }
    response.putHeader("Content-Length", "" + (page.size() - from));
    send(request, page, from, end);
  }

  private static void send(HttpServerRequest request, LoadPage page, int from, int end) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    int to = page.chunk() == 0 ? end : Math.min(end, from + page.chunk());
    Buffer bytes = Buffer.buffer(page.body()).slice(from, to);
    if (to == page.size()) {
      response.end(bytes);
    } else if (to == end) {
      response.write(bytes).onSuccess(written -> request.connection().close());
    } else {
      response.write(bytes);
      after(page.everyMillis(), () -> send(request, page, to, end));
    }
  }

  private static void after(int millis, Runnable action) {
    if (millis == 0) {
      action.run();
    } else {
      Vertx.currentContext().owner().setTimer(millis, passed -> action.run());
    }
  }
}
