package io.bgfetch.worker.coding;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes a body with content codings and gives it on without them, at the pace of whoever takes it.
 * Belongs to one context.
 *
 * <p>Decoding happens on the event loop. What bounds it there: a step gives at most {@link
 * Decoder#PIECE} bytes, a turn has at most 16 steps, and no step is made while the taker is full.
 * One step in many of {@code br} does more than it gives: it fills the library's window.
 */
public final class DecodedBody implements WriteStream<Buffer>, AutoCloseable {

  private static final int STEPS_PER_TURN = 16;

  /**
   * Where a body goes and who hears of it.
   *
   * @param sink takes the decoded bytes
   * @param later runs something on the body's context, after what waits there
   * @param memory for the decoders; what comes before there is room for them waits
   * @param moved called when coded bytes came, which may be long before there are decoded ones
   */
  public record Surroundings(
      WriteStream<Buffer> sink, DecoderMemory memory, Executor later, Runnable moved) {}

  private record Coded(Buffer bytes, Promise<Void> taken) {}

  private final List<Coding> codings;
  private final DecoderMemory memory;
  private final boolean framed;
  private final WriteStream<Buffer> sink;
  private final Executor later;
  private final Runnable moved;
  private final Deque<Coded> waiting = new ArrayDeque<>();
  private final Promise<Void> ended = Promise.promise();
  private @Nullable Unpacking unpacking;
  private @Nullable Promise<Void> current;
  private @Nullable Handler<Void> drainHandler;
  private @Nullable Throwable failure;
  private boolean ending;
  private boolean stepping;
  private boolean resting = true;
  private boolean closed;

  private DecodedBody(List<Coding> codings, boolean framed, Surroundings around) {
    this.codings = codings;
    this.memory = around.memory();
    this.framed = framed;
    this.sink = around.sink();
    this.later = around.later();
    this.moved = around.moved();
  }

  /**
   * The decoding of a body that came with this {@code Content-Encoding}; none where there is
   * nothing that could be undone.
   *
   * @param framed whether HTTP itself says where the body ends. Where only the end of the
   *     connection does, coded data that end in the middle were cut off on their way.
   */
  public static Optional<DecodedBody> of(
      @Nullable String contentEncoding, boolean framed, Surroundings around) {
    List<Coding> codings = ContentCodings.toUndo(contentEncoding);
    if (codings.isEmpty()) {
      return Optional.empty();
    }
    DecodedBody body = new DecodedBody(codings, framed, around);
    around.memory().take(windows(codings)).onSuccess(room -> body.begin());
    return Optional.of(body);
  }

  private static long windows(List<Coding> codings) {
    return codings.stream().mapToLong(Coding::window).sum();
  }

  private void begin() {
    if (closed) {
      memory.giveBack(windows(codings));
      return;
    }
    unpacking = new Unpacking(codings);
    rested();
  }

  /** Whether it is our memory, and not the origin, that it waits for. */
  public boolean waiting() {
    return unpacking == null && !closed;
  }

  /** The future completes when the taker has what these bytes decode to. */
  @Override
  public Future<Void> write(Buffer data) {
    moved.run();
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    Coded coded = new Coded(data, Promise.promise());
    waiting.add(coded);
    turn();
    return coded.taken().future();
  }

  /** The future completes when the taker has all; fails where the coded data are not whole. */
  @Override
  public Future<Void> end() {
    ending = true;
    turn();
    return ended.future();
  }

  private void turn() {
    if (stepping || resting) {
      return;
    }
    stepping = true;
    try {
      for (int steps = 0; steps < STEPS_PER_TURN; steps++) {
        if (!step()) {
          return;
        }
      }
      rest(() -> later.execute(this::rested));
    } catch (DecodingFailure undecodable) {
      fail(undecodable);
    } finally {
      stepping = false;
    }
  }

  /** Goes on only when that says so; meanwhile nobody else does. */
  private void rest(Runnable begin) {
    resting = true;
    begin.run();
  }

  private void rested() {
    resting = false;
    turn();
  }

  /** One step; false when there is nothing to do until something happens. */
  private boolean step() {
    Unpacking decoders = unpacking;
    if (closed || failure != null || decoders == null) {
      return false;
    }
    if (sink.writeQueueFull()) {
      rest(() -> sink.drainHandler(drained -> rested()));
      return false;
    }
    byte[] piece = decoders.step();
    if (piece == null) {
      return next(decoders);
    }
    if (piece.length > 0) {
      sink.write(Buffer.buffer(piece)).onFailure(this::fail);
    }
    return true;
  }

  private boolean next(Unpacking decoders) {
    if (current != null) {
      current.complete();
      current = null;
    }
    Coded coded = waiting.poll();
    if (coded != null) {
      current = coded.taken();
      decoders.offer(coded.bytes().getBytes());
      return true;
    }
    if (ending) {
      finish(decoders);
    } else {
      drained();
    }
    return false;
  }

  private void finish(Unpacking decoders) {
    if (!decoders.complete()) {
      throw DecodingFailure.incomplete(!framed);
    }
    sink.end().onComplete(ended);
  }

  private void drained() {
    Handler<Void> handler = drainHandler;
    drainHandler = null;
    if (handler != null) {
      handler.handle(null);
    }
  }

  /** Nothing more comes of what waits. */
  private void fail(Throwable cause) {
    failure = cause;
    Promise<Void> last = current;
    current = null;
    if (last != null) {
      last.fail(cause);
    }
    waiting.forEach(coded -> coded.taken().fail(cause));
    waiting.clear();
    ended.tryFail(cause);
  }

  /** Decodes no more and gives the libraries' memory back. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (unpacking != null) {
        unpacking.close();
        memory.giveBack(windows(codings));
      }
    }
  }

  @Override
  public boolean writeQueueFull() {
    return resting || !waiting.isEmpty();
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    drainHandler = handler;
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
