package io.bgfetch.gateway.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an attempt to deliver went. */
sealed interface Attempt {

  /**
   * The receiver answered.
   *
   * @param retryAfter how long it wants to be left alone; null where it does not say
   */
  record Answered(int status, @Nullable Duration retryAfter) implements Attempt {}

  /**
   * It did not.
   *
   * @param why one line
   */
  record Unanswered(String why) implements Attempt {}
}
