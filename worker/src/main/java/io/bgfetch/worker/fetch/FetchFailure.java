package io.bgfetch.worker.fetch;

/** An expected failure on its way through futures, where it can only travel as an exception. */
final class FetchFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient NetworkError error;

  FetchFailure(NetworkError error) {
    super(error.line(), null, false, false);
    this.error = error;
  }

  NetworkError error() {
    return error;
  }
}
