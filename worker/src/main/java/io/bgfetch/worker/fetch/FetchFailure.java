package io.bgfetch.worker.fetch;

import io.bgfetch.outgoing.KnownFailure;
import io.bgfetch.outgoing.NetworkError;

/** An expected failure on its way through futures, where it can only travel as an exception. */
final class FetchFailure extends RuntimeException implements KnownFailure {

  private static final long serialVersionUID = 1;

  private final transient NetworkError error;

  FetchFailure(NetworkError error) {
    super(error.line(), null, false, false);
    this.error = error;
  }

  @Override
  public NetworkError error() {
    return error;
  }
}
