package io.bgfetch.worker.fetch;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body that nobody wants, so that its connection can be used again; fails where that costs
 * more than a new connection.
 */
final class DiscardedBody implements WriteStream<Buffer> {

  static final int MOST = 64 << 10;

  private int received;

  @Override
  public Future<Void> write(Buffer data) {
    received += data.length();
    return received > MOST
        ? Future.failedFuture(new IllegalStateException("not worth reading"))
        : Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    return Future.succeededFuture();
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
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
