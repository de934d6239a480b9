package io.bgfetch.testkit;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pages that every {@link Origin} has; its Javadoc says what they do. */
final class Pages {
  private static final long DEFAULT_DRIP_CHUNK = 1024;
  private static final long DEFAULT_DRIP_EVERY_MS = 100;
  private static final int FOUND = 302;

  private final Vertx vertx;
  private final Map<String, Integer> flakyAttempts = new ConcurrentHashMap<>();

  Pages(Vertx vertx) {
    this.vertx = vertx;
  }

  void answer(HttpServerRequest request) {
    try {
      answer(request, new PagePath(request.path()));
    } catch (IllegalArgumentException e) {
      text(request, 400, "bad parameter: " + e.getMessage());
    }
  }

  private void answer(HttpServerRequest request, PagePath path) {
    switch (path.page()) {
      case "bytes" -> bytes(request, path.number(0));
      case "slow" -> slow(request, path.number(0), path.after(1));
      case "drip" -> drip(request, path.number(0));
      case "status" -> text(request, (int) path.number(0), "status");
      case "redirect" -> hop(request, path.number(0));
      case "redirect-to" ->
          redirect(request, (int) number(request, "status", FOUND), request.getParam("url", "/"));
      case "cut" -> cut(request, path.number(0), path.number(1));
      case "never" -> {
        // reads on, to notice that the client gives up
      }
      case "echo" -> echo(request);
      case "flaky" -> flaky(request, path.number(0));
      case "reset" -> Answer.reset(request);
      default -> text(request, 404, "no such page");
    }
  }

  private static void bytes(HttpServerRequest request, long length) {
    HttpServerResponse response = binary(request).putHeader("Content-Length", "" + length);
    if (length == 0 || request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      new BodyStream(response, content(request), length, response::end).start();
    }
  }

  private void slow(HttpServerRequest request, long milliseconds, PagePath then) {
    request.pause();
    after(
        milliseconds,
        () -> {
          request.resume();
          if (then.isEmpty()) {
            text(request, 200, "slow");
          } else {
            answer(request, then);
          }
        });
  }

  private void drip(HttpServerRequest request, long length) {
    HttpServerResponse response = binary(request).putHeader("Content-Length", "" + length);
    drip(request, response, 0, length);
  }

  private void drip(HttpServerRequest request, HttpServerResponse response, long from, long end) {
    if (response.closed()) {
      return;
    }
    int size = (int) Math.min(number(request, "chunk", DEFAULT_DRIP_CHUNK), end - from);
    response.write(Buffer.buffer(content(request).read(from, size)));
    if (from + size == end) {
      response.end();
    } else {
      long every = number(request, "every", DEFAULT_DRIP_EVERY_MS);
      after(every, () -> drip(request, response, from + size, end));
    }
  }

  private static void hop(HttpServerRequest request, long left) {
    if (left == 0) {
      text(request, 200, "arrived");
    } else {
      redirect(request, FOUND, "/redirect/" + (left - 1));
    }
  }

  private static void redirect(HttpServerRequest request, int status, String location) {
    request.response().putHeader("Location", location);
    text(request, status, "elsewhere");
  }

  private static void cut(HttpServerRequest request, long promised, long sent) {
    HttpServerResponse response = binary(request).putHeader("Content-Length", "" + promised);
    Runnable close = () -> request.connection().close();
    if (sent == 0) {
      response.writeHead().onSuccess(written -> close.run());
    } else {
      new BodyStream(response, content(request), sent, close).start();
    }
  }

  private static void echo(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              JsonObject seen =
                  new JsonObject()
                      .put("method", request.method().name())
                      .put("uri", request.uri())
                      .put("headers", json(request.headers()))
                      .put("body", body.toString())
                      .put("bodyBase64", body.getBytes());
              request.response().putHeader("Content-Type", "application/json");
              request.response().end(seen.toBuffer());
            });
  }

  private static JsonObject json(MultiMap headers) {
    JsonObject json = new JsonObject();
    headers
        .names()
        .forEach(
            name ->
                json.put(name.toLowerCase(Locale.ROOT), String.join(", ", headers.getAll(name))));
    return json;
  }

  private void flaky(HttpServerRequest request, long resets) {
    String key = request.getParam("key", request.path());
    if (flakyAttempts.merge(key, 1, Integer::sum) <= resets) {
      Answer.reset(request);
    } else {
      text(request, 200, "at last");
    }
  }

  private static HttpServerResponse binary(HttpServerRequest request) {
    return request.response().putHeader("Content-Type", "application/octet-stream");
  }

  private static void text(HttpServerRequest request, int status, String text) {
    request.response().setStatusCode(status).putHeader("Content-Type", "text/plain").end(text);
  }

  private static RandomBytes content(HttpServerRequest request) {
    return new RandomBytes(number(request, "seed", 0));
  }

  private static long number(HttpServerRequest request, String name, long otherwise) {
    String value = request.getParam(name);
    return value == null ? otherwise : Long.parseLong(value);
  }

  private void after(long milliseconds, Runnable action) {
    if (milliseconds <= 0) {
      vertx.runOnContext(now -> action.run());
    } else {
      vertx.setTimer(milliseconds, timer -> action.run());
    }
  }
}
