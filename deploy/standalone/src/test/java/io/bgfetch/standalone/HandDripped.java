package io.bgfetch.standalone;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.bgfetch.testkit.Origin;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A page that sends of its body what the test tells it to, and then stands still. */
final class HandDripped {

  private static final long PATIENCE = 60;

  private final CompletableFuture<HttpServerResponse> asked = new CompletableFuture<>();
  private final byte[] body;
  private int sent;

  private HandDripped(byte[] body) {
    this.body = body;
  }

  static HandDripped on(Origin origin, String page, byte[] body) {
    HandDripped dripped = new HandDripped(body);
    var unused = origin.on(page, request -> dripped.asked.complete(request.response()));
    return dripped;
  }

  /** Sends the next bytes to who asked first; the last ones end the body. */
  void send(int bytes) throws Exception {
    HttpServerResponse response = asked.get(PATIENCE, SECONDS);
    if (sent == 0) {
      response.putHeader("Content-Length", Integer.toString(body.length));
    }
    Buffer next = Buffer.buffer(Arrays.copyOfRange(body, sent, sent + bytes));
    sent += bytes;
    var unused =
        (sent == body.length ? response.end(next) : response.write(next))
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE, SECONDS);
  }
}
