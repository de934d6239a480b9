package io.bgfetch.gateway.api;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a server-sent event: {@code {uid}:{version}}, and on the stream of all registrations a
 * cursor behind it.
 *
 * @param seenUntil milliseconds since the epoch: every end before it has been sent; 0 where the id
 *     has no cursor
 */
record EventId(UUID uid, long version, long seenUntil) {

  private static final int RADIX = 36;

  /** Reads what a client sent; empty for what is none. */
  static Optional<EventId> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      return Optional.empty();
    }
    try {
      long seenUntil = parts.length == 3 ? Long.parseLong(parts[2], RADIX) : 0;
      return seenUntil < 0
          ? Optional.empty()
          : Optional.of(
              new EventId(UUID.fromString(parts[0]), Long.parseLong(parts[1]), seenUntil));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  /** The id on the stream of one registration. */
  String ofOne() {
    return uid + ":" + version;
  }

  /** The id on the stream of all. */
  String ofAll() {
    return ofOne() + ":" + Long.toString(seenUntil, RADIX);
  }
}
