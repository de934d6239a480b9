package io.bgfetch.gateway.webhook;

import java.time.Duration;

/** What follows from an attempt. */
sealed interface Ruling {

  /** The receiver has it. */
  record Delivered() implements Ruling {}

  /**
   * It is to be sent again.
   *
   * @param in after so long
   * @param silence so long nothing at all is to be sent to the webhook; zero where that was not
   *     asked for
   */
  record Again(Duration in, Duration silence) implements Ruling {}

  /** It was sent often enough. */
  record GivenUp() implements Ruling {}

  /** The receiver wants nothing any more. */
  record Gone() implements Ruling {}
}
