package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntConsumer;

/** A body that is read as a whole, up to a limit. */
public final class WholeBody implements BodyReading.Sink {

  private final BodyReading reading;
  private final int mostBytes;
  private final IntConsumer room;
  private final Buffer whole = Buffer.buffer();
  private final Promise<Buffer> promise = Promise.promise();

  public WholeBody(BodyPieces pieces, int mostBytes) {
    this(pieces, mostBytes, bytes -> {});
  }

  /**
   * A body that shares the memory with others.
   *
   * @param share is not closed here: the body goes on to be used when it was read
   */
  public WholeBody(BodyPieces pieces, int mostBytes, BodyBudget.Share share) {
    this(pieces, mostBytes, share::take);
  }

  private WholeBody(BodyPieces pieces, int mostBytes, IntConsumer room) {
    this.reading = new BodyReading(pieces, this);
    this.mostBytes = mostBytes;
    this.room = room;
  }

  /** The whole body. */
  public Future<Buffer> run() {
    reading.start();
    return promise.future();
  }

  @Override
  public void piece(Buffer piece) {
    if (whole.length() + piece.length() > mostBytes) {
      throw Problem.tooLarge("the body is longer than " + mostBytes + " bytes").toException();
    }
    room.accept(piece.length());
    whole.appendBuffer(piece);
  }

  @Override
  public void end() {
    promise.complete(whole);
  }

  @Override
  public void failed(Throwable cause) {
    promise.fail(cause);
  }
}
