package io.bgfetch.testkit;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a long body as fast as the client reads it, one chunk in memory at a time. */
final class BodyStream {
  private final Context context = Vertx.currentContext();
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
    writeNext();
  }

  private void writeNext() {
    int size = (int) Math.min(RandomBytes.CHUNK, length - position);
    response.write(Buffer.buffer(bytes.read(position, size))).onSuccess(written -> wrote(size));
  }

  /** The next chunk has a turn of its own, so that a lost connection is noticed between the two. */
  private void wrote(int size) {
    position += size;
    if (position == length) {
      atTheEnd.run();
    } else {
      context.runOnContext(next -> writeNext());
    }
  }
}
