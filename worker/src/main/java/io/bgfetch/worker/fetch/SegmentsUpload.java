package io.bgfetch.worker.fetch;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stored request body at the pace of the origin, one piece at a time. Belongs to the
 * worker's context.
 */
final class SegmentsUpload implements ReadStream<Buffer> {

  private final BlobThreads threads;
  private final SegmentsReader reader;
  private final LongConsumer sent;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Buffer pending;
  private long demand = Long.MAX_VALUE;
  private boolean reading;
  private boolean over;

  /**
   * An upload that has not begun.
   *
   * @param sent hears how many bytes went out with each piece
   */
  SegmentsUpload(BlobThreads threads, SegmentsReader reader, LongConsumer sent) {
    this.threads = threads;
    this.reader = reader;
    this.sent = sent;
  }

  /** Reads no more. */
  void close() {
    if (!over) {
      over = true;
      if (!reading) {
        closeReader();
      }
    }
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> next) {
    handler = next;
    advance();
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    demand = 0;
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    advance();
    return this;
  }

  private void advance() {
    if (pending != null) {
      hand(pending);
    } else if (!over && !reading && demand > 0 && handler != null) {
      reading = true;
      threads.run(reader::next).onComplete(this::read, this::failed);
    }
  }

  private void read(Buffer piece) {
    reading = false;
    if (over) {
      closeReader();
    } else if (piece.length() == 0) {
      over = true;
      if (endHandler != null) {
        endHandler.handle(null);
      }
    } else {
      hand(piece);
    }
  }

  private void hand(Buffer piece) {
    Handler<Buffer> taker = handler;
    if (taker == null || demand == 0 || over) {
      pending = over ? null : piece;
      return;
    }
    pending = null;
    demand = demand == Long.MAX_VALUE ? demand : demand - 1;
    sent.accept(piece.length());
    taker.handle(piece);
    advance();
  }

  private void failed(Throwable cause) {
    reading = false;
    over = true;
    closeReader();
    if (exceptionHandler != null) {
      exceptionHandler.handle(cause);
    }
  }

  private void closeReader() {
    threads
        .run(
            () -> {
              reader.close();
              return true;
            })
        .onFailure(ignored -> {});
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> next) {
    endHandler = next;
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> next) {
    exceptionHandler = next;
    return this;
  }
}
