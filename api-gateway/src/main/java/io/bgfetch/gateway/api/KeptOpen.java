package io.bgfetch.gateway.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Keeps the connection of an answer that goes on from counting as idle while nothing is there to be
 * sent: with writes of nothing, which the client does not see. A client that takes nothing lets
 * these wait too, and its connection does become idle.
 */
final class KeptOpen {

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Duration every;
  private long timer;

  KeptOpen(Vertx vertx, HttpServerResponse response, Duration every) {
    this.vertx = vertx;
    this.response = response;
    this.every = every;
    arm();
  }

  private void arm() {
    timer =
        vertx.setTimer(
            every.toMillis(),
            fired -> {
              if (!response.ended() && !response.closed()) {
                response.write(Buffer.buffer()).onFailure(gone -> {});
                arm();
              }
            });
  }

  void stop() {
    vertx.cancelTimer(timer);
  }
}
