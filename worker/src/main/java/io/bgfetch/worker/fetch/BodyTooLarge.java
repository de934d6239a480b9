package io.bgfetch.worker.fetch;

/** More bytes came than the registration allows. */
final class BodyTooLarge extends RuntimeException {

  private static final long serialVersionUID = 1;

  BodyTooLarge() {
    super("more bytes than downloadTotal allows", null, false, false);
  }
}
