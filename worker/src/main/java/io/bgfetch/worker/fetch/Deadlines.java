package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The deadlines of one attempt, of which some hold only in one phase of it. */
final class Deadlines {

  /** What the attempt waits for. */
  enum Phase {
    /** Its place, its permission, the blob store; only the total deadline holds. */
    OURSELVES,
    CONNECTION,
    HEAD,
    BODY
  }

  private final Timeouts timeouts;
  private final long begunAt;
  private Phase phase = Phase.OURSELVES;
  private long since;
  private boolean active;

  Deadlines(Timeouts timeouts, long now) {
    this.timeouts = timeouts;
    this.begunAt = now;
    this.since = now;
  }

  /** How long making a connection may take. */
  long connectMillis() {
    return timeouts.connect().toMillis();
  }

  void enter(Phase next, long now) {
    phase = next;
    since = now;
    active = false;
  }

  /** Something moved: counts from the next {@link #passed} on, which spares asking the clock. */
  void active() {
    active = true;
  }

  /** The deadline that has passed, if one has. */
  @Nullable NetworkError passed(long now) {
    if (active) {
      since = now;
      active = false;
    }
    if (now - begunAt >= timeouts.total().toMillis()) {
      return NetworkError.lasting("not complete within " + words(timeouts.total()));
    }
    return switch (phase) {
      case OURSELVES -> null;
      case CONNECTION -> late(now, timeouts.connect(), "no connection within ");
      case HEAD -> late(now, timeouts.firstByte(), "no response within ");
      case BODY -> late(now, timeouts.idle(), "the body stalled for ");
    };
  }

  private @Nullable NetworkError late(long now, Duration limit, String line) {
    return now - since < limit.toMillis() ? null : NetworkError.passing(line + words(limit));
  }

  private static String words(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }
}
