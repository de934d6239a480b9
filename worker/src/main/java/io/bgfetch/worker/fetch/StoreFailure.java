package io.bgfetch.worker.fetch;

/** The blob store did not take bytes: the job's fault it is not. */
final class StoreFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  StoreFailure(Throwable cause) {
    super("the blob store took no bytes: " + cause, cause);
  }
}
