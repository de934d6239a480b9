package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.Timeouts;
import io.bgfetch.outgoing.NetworkError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one attempt. All hold only while it is the origin's turn: time in which the
 * attempt waits for its place, its permission or the blob store counts for none of them.
 */
final class Deadlines {

  /** What the attempt waits for. */
  enum Phase {
    /** Its place, its permission, the blob store: the attempt is not connected. */
    OURSELVES,
    CONNECTION,
    HEAD,
    BODY
  }

  private final Timeouts timeouts;
  private final long connectedBefore;
  private Phase phase = Phase.OURSELVES;
  private long since;
  private long connected;
  private long countedAt;
  private boolean active;
  private boolean heldUp;

  /**
   * Deadlines of an attempt that begins.
   *
   * @param connectedBefore milliseconds that earlier attempts were connected
   */
  Deadlines(Timeouts timeouts, long connectedBefore, long now) {
    this.timeouts = timeouts;
    this.connectedBefore = connectedBefore;
    this.since = now;
    this.countedAt = now;
  }

  /** How long making a connection may take. */
  long connectMillis() {
    return timeouts.connect().toMillis();
  }

  /** How long this attempt has been connected, in milliseconds. */
  long connectedMillis(long now) {
    count(now);
    return connected;
  }

  void enter(Phase next, long now) {
    count(now);
    phase = next;
    since = now;
    active = false;
  }

  /** Something moved: counts from the next {@link #passed} on, which spares asking the clock. */
  void active() {
    active = true;
  }

  /** It is we who kept the origin waiting since the last {@link #passed}. */
  void heldUp() {
    heldUp = true;
  }

  /** The deadline that has passed, if one has. */
  @Nullable NetworkError passed(long now) {
    count(now);
    if (active) {
      since = now;
      active = false;
    }
    if (connectedBefore + connected >= timeouts.total().toMillis()) {
      return NetworkError.lasting("not complete within " + words(timeouts.total()));
    }
    return switch (phase) {
      case OURSELVES -> null;
      case CONNECTION -> late(now, timeouts.connect(), "no connection within ");
      case HEAD -> late(now, timeouts.firstByte(), "no response within ");
      case BODY -> late(now, timeouts.idle(), "the body stalled for ");
    };
  }

  private void count(long now) {
    if (heldUp) {
      heldUp = false;
      active = true;
    } else if (phase != Phase.OURSELVES) {
      connected += now - countedAt;
    }
    countedAt = now;
  }

  private @Nullable NetworkError late(long now, Duration limit, String line) {
    return now - since < limit.toMillis() ? null : NetworkError.passing(line + words(limit));
  }

  private static String words(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }
}
