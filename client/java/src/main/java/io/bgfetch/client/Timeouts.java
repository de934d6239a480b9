package io.bgfetch.client;

import java.time.Duration;

/**
 * The deadlines of a client.
 *
 * @param connect for a connection to be made
 * @param call for a call to be answered; an upload's is renewed while the gateway takes bytes
 * @param bodyIdle for the next bytes of a body
 * @param reconnect for an event stream that was lost to be had again
 */
record Timeouts(Duration connect, Duration call, Duration bodyIdle, Duration reconnect) {
  static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(1));
}
