package io.bgfetch.worker.fetch;

/** What a response says about going on elsewhere. */
sealed interface Redirect {

  /** It is no redirect, or one that is not followed: the response is the answer. */
  record None() implements Redirect {}

  /** The fetch goes on with another request. */
  record To(Hop hop) implements Redirect {}

  /**
   * The fetch ends with a network error.
   *
   * @param reason one line
   */
  record Refused(String reason) implements Redirect {}
}
