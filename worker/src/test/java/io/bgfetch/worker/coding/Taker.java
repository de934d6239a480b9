package io.bgfetch.worker.coding;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** Takes bytes while a test lets it. */
final class Taker implements WriteStream<Buffer> {

  private final Buffer taken = Buffer.buffer();
  private long room = Long.MAX_VALUE;
  private long count;
  private int largest;
  private boolean keeping = true;
  private boolean ended;
  private Handler<Void> drainHandler;

  byte[] taken() {
    return taken.getBytes();
  }

  long count() {
    return count;
  }

  int largest() {
    return largest;
  }

  boolean ended() {
    return ended;
  }

  boolean waitedFor() {
    return drainHandler != null;
  }

  Taker countingOnly() {
    keeping = false;
    return this;
  }

  /** Is full once it has so many bytes. */
  void room(long bytes) {
    room = bytes;
    Handler<Void> waiting = drainHandler;
    if (waiting != null && !writeQueueFull()) {
      drainHandler = null;
      waiting.handle(null);
    }
  }

  @Override
  public Future<Void> write(Buffer data) {
    count += data.length();
    largest = Math.max(largest, data.length());
    if (keeping) {
      taken.appendBuffer(data);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    ended = true;
    return Future.succeededFuture();
  }

  @Override
  public boolean writeQueueFull() {
    return count >= room;
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    drainHandler = handler;
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    return this;
  }
}
