package io.bgfetch.standalone;

import io.bgfetch.testkit.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;

/** A page that sends its body little by little, and from anywhere on. */
final class Dripping {
  private final byte[] body;
  private final int chunk;
  private final long everyMillis;

  private Dripping(byte[] body, int chunk, long everyMillis) {
    this.body = body;
    this.chunk = chunk;
    this.everyMillis = everyMillis;
  }

  static void on(Origin origin, String path, byte[] body, int chunk, long everyMillis) {
    Dripping page = new Dripping(body, chunk, everyMillis);
    var unused = origin.on(path, page::answer);
  }

  private void answer(HttpServerRequest request) {
    String range = request.getHeader("range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    HttpServerResponse response = request.response().putHeader("etag", "\"dripping\"");
    if (from > 0) {
      String part = "bytes %d-%d/%d".formatted(from, body.length - 1, body.length);
      response.setStatusCode(206).putHeader("content-range", part);
    }
    response.putHeader("content-length", "" + (body.length - from));
    send(response, from);
  }

  private void send(HttpServerResponse response, int from) {
    if (response.closed()) {
      return;
    }
    int to = Math.min(body.length, from + chunk);
    var unused = response.write(Buffer.buffer(Arrays.copyOfRange(body, from, to)));
    if (to == body.length) {
      response.end();
    } else {
      Vertx.currentContext().owner().setTimer(everyMillis, timer -> send(response, to));
    }
  }
}
