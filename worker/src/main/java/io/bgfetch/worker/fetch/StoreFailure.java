package io.bgfetch.worker.fetch;

/** The blob store did not take or give bytes: the job's fault it is not. */
final class StoreFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  StoreFailure(Throwable cause) {
    super("the blob store failed: " + cause, cause);
  }
}
