package io.bgfetch.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The gateway was asked and refused; {@link #problem()} says what and why.
 *
 * <pre>{@code
 * try {
 *   manager.fetch("my-fetch", List.of(FetchRequest.of("ftp://example.com/")));
 * } catch (BgfetchException e) {
 *   if ("TypeError".equals(e.name()) && e.status() == 409) {
 *     System.err.println("my-fetch is active already");
 *   } else {
 *     e.problem().errors().forEach(error ->
 *         System.err.println("request " + error.index() + ": " + error.detail()));
 *   }
 * }
 * }</pre>
 */
public final class BgfetchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final @Nullable Duration retryAfter;

  BgfetchException(Problem problem) {
    this(problem, null);
  }

  BgfetchException(Problem problem, @Nullable Duration retryAfter) {
    super(problem.summary());
    this.problem = problem;
    this.retryAfter = retryAfter;
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

  /** How long to wait before the same call may go well; null where the gateway did not say. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
