package io.bgfetch.client;

import org.jspecify.annotations.Nullable;

/** The gateway was asked and refused; {@link #problem()} says what and why. */
public final class BgfetchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  BgfetchException(Problem problem) {
    super(problem.summary());
    this.problem = problem;
  }

  /** The problem document that the gateway answered with. */
  public Problem problem() {
    return problem;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return problem.status();
  }

  /** The exception that the browser API would throw, null where it has none. */
  public @Nullable String name() {
    return problem.name();
  }
}
