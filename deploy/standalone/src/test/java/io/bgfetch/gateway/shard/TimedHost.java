package io.bgfetch.gateway.shard;

import java.time.Duration;

/**
 * A host of the origin.
 *
 * @param name {@code host:port}
 * @param takes how long it takes for an answer
 * @param answers false where it accepts connections and never says a word, until a deadline passes
 */
record TimedHost(String name, Duration takes, boolean answers) {

  static TimedHost taking(String name, long millis) {
    return new TimedHost(name + ":80", Duration.ofMillis(millis), true);
  }

  /** One that never answers; fetches of it end by their deadline for the first byte. */
  static TimedHost dead(String name) {
    return new TimedHost(name + ":80", Duration.ofSeconds(60), false);
  }

  long micros() {
    return takes.toNanos() / 1_000;
  }

  String url(int index) {
    return "http://" + name.substring(0, name.lastIndexOf(':')) + "/" + index;
  }
}
