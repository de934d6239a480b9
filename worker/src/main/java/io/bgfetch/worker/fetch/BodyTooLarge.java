package io.bgfetch.worker.fetch;

/** More bytes came than may be stored for the record. */
final class BodyTooLarge extends RuntimeException {

  private static final long serialVersionUID = 1;

  BodyTooLarge() {
    super("more bytes than are allowed", null, false, false);
  }
}
