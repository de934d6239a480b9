package io.bgfetch.worker.fetch;

import io.vertx.core.buffer.Buffer;

/** The body of a request. */
sealed interface OutgoingBody {

  /** One that is at hand. */
  record Whole(Buffer bytes) implements OutgoingBody {}

  /**
   * One that is read while it is sent.
   *
   * @param length in bytes
   */
  record Streamed(long length, SegmentsUpload source) implements OutgoingBody {}
}
