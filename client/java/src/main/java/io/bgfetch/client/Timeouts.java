package io.bgfetch.client;

import java.time.Duration;

/**
 * The deadlines of a client.
 *
 * @param connect for a connection to be made
 * @param call for a call to be answered; an upload's is renewed while the gateway takes bytes
 * @param bodyIdle for the next bytes of a body
 * @param retry for how long a call that failed is repeated
 * @param reconnect for an event stream that was lost to be had again
 */
record Timeouts(
    Duration connect, Duration call, Duration bodyIdle, Duration retry, Duration reconnect) {
  static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1));

  Timeouts withConnect(Duration time) {
    return new Timeouts(time, call, bodyIdle, retry, reconnect);
  }

  Timeouts withCall(Duration time) {
    return new Timeouts(connect, time, bodyIdle, retry, reconnect);
  }

  Timeouts withBodyIdle(Duration time) {
    return new Timeouts(connect, call, time, retry, reconnect);
  }

  Timeouts withRetry(Duration time) {
    return new Timeouts(connect, call, bodyIdle, time, reconnect);
  }

  Timeouts withReconnect(Duration time) {
    return new Timeouts(connect, call, bodyIdle, retry, time);
  }
}
