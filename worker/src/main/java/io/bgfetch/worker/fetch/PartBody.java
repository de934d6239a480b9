package io.bgfetch.worker.fetch;

import io.bgfetch.outgoing.NetworkError;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a 206 on its way to the whole: no more bytes than its Content-Range promises. Belongs
 * to the worker's context.
 */
final class PartBody implements WriteStream<Buffer> {

  private final WriteStream<Buffer> whole;
  private long missing;

  /**
   * A part that has not begun.
   *
   * @param promised its length in bytes
   */
  PartBody(WriteStream<Buffer> whole, long promised) {
    this.whole = whole;
    this.missing = promised;
  }

  /** Bytes that were promised and have not come. */
  long missing() {
    return missing;
  }

  @Override
  public Future<Void> write(Buffer data) {
    if (data.length() > missing) {
      return Future.failedFuture(
          new FetchFailure(NetworkError.lasting("invalid 206: longer than its Content-Range")));
    }
    missing -= data.length();
    return whole.write(data);
  }

  @Override
  public Future<Void> end() {
    return whole.end();
  }

  @Override
  public boolean writeQueueFull() {
    return whole.writeQueueFull();
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    var unused = whole.drainHandler(handler);
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }
}
