package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.outgoing.NetworkError;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stored request body at the pace of the origin, one piece at a time. Belongs to the
 * worker's context.
 */
final class SegmentsUpload implements ReadStream<Buffer> {

  /** What a record says whose request body is not what it was. */
  static final String UNREADABLE = "the request body cannot be read";

  private final BlobThreads threads;
  private final SegmentsReader reader;
  private final LongConsumer sent;
  private final Consumer<Throwable> broken;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Buffer pending;
  private long demand = Long.MAX_VALUE;
  private long left;
  private boolean reading;
  private boolean over;
  private boolean finished;

  /**
   * An upload that has not begun.
   *
   * @param sent hears how many bytes went out with each piece
   * @param broken hears that the rest of the body cannot be read, after which nothing more comes
   */
  SegmentsUpload(
      BlobThreads threads,
      BlobStore store,
      Segments body,
      LongConsumer sent,
      Consumer<Throwable> broken) {
    this.threads = threads;
    this.reader = new SegmentsReader(store, body);
    this.left = body.size();
    this.sent = sent;
    this.broken = broken;
  }

  /**
   * Reads the first piece; called once, before anybody takes it. Fails with a {@link StoreFailure}
   * where the store does not give it now, and with a {@link FetchFailure} where it is not there.
   */
  Future<Void> begin() {
    reading = true;
    return threads.run(this::piece).transform(this::begun);
  }

  private Future<Void> begun(@Nullable Buffer first, @Nullable Throwable failure) {
    reading = false;
    if (first == null) {
      over = true;
      closeReader();
      return Future.failedFuture(unreadable(Objects.requireNonNull(failure)));
    }
    if (over) {
      closeReader();
    } else {
      pending = first;
    }
    return Future.succeededFuture();
  }

  private static RuntimeException unreadable(Throwable cause) {
    return SegmentsReader.gone(cause)
        ? new FetchFailure(NetworkError.lasting(UNREADABLE))
        : new StoreFailure(cause);
  }

  /** The next bytes; none at the end, which is nowhere but behind the last of them. */
  private Buffer piece() throws IOException {
    Buffer piece = reader.next();
    left -= piece.length();
    if (left < 0 || (left > 0 && piece.length() == 0)) {
      throw new EOFException("the body has not the bytes of its manifest");
    }
    return piece;
  }

  /** Whether all of it went out. */
  boolean finished() {
    return finished;
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
      threads.run(this::piece).onComplete(this::read, this::failed);
    }
  }

  private void read(Buffer piece) {
    reading = false;
    if (over) {
      closeReader();
    } else if (piece.length() == 0) {
      over = true;
      finished = true;
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
    broken.accept(cause);
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
    return this;
  }
}
