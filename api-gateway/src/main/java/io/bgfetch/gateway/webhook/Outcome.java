package io.bgfetch.gateway.webhook;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An attempt that is over, as the log keeps it, and what follows from it. */
record Outcome(Attempt attempt, Ruling ruling, Instant at, Duration took) {

  /** What the receiver answered; null where it did not. */
  @Nullable Integer status() {
    return attempt instanceof Attempt.Answered answer ? answer.status() : null;
  }

  /** Why it does not count as delivered; null where it does. */
  @Nullable String error() {
    return switch (attempt) {
      case Attempt.Unanswered none -> none.why();
      case Attempt.Answered answer when ruling instanceof Ruling.Delivered -> null;
      case Attempt.Answered answer when answer.status() / 100 == 3 ->
          "the receiver answered " + answer.status() + ", and redirects are not followed";
      case Attempt.Answered answer -> "the receiver answered " + answer.status();
    };
  }
}
