package io.bgfetch.testkit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a long body as fast as the client reads it, one chunk in memory at a time. */
final class BodyStream {
  private final HttpServerResponse response;
  private final RandomBytes bytes;
  private final long length;
  private final Runnable atTheEnd;
  private long position;

  /**
   * @param atTheEnd what to do when all bytes are written
   */
  BodyStream(HttpServerResponse response, RandomBytes bytes, long length, Runnable atTheEnd) {
    this.response = response;
    this.bytes = bytes;
    this.length = length;
    this.atTheEnd = atTheEnd;
  }

  void start() {
    response.drainHandler(drained -> write());
    write();
  }

  private void write() {
    while (position < length && !response.closed() && !response.writeQueueFull()) {
      int size = (int) Math.min(RandomBytes.CHUNK, length - position);
      var written = response.write(Buffer.buffer(bytes.read(position, size)));
      position += size;
      if (position == length) {
        written.onSuccess(done -> atTheEnd.run());
      }
    }
  }
}
