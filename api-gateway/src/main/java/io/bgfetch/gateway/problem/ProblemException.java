package io.bgfetch.gateway.problem;

/** Carries a {@link Problem} to where it is answered. An expected ending: it has no stack trace. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
