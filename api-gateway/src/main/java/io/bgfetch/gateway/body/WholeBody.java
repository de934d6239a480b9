package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/** A body that is read as a whole, up to a limit. */
public final class WholeBody {

  private final BodyPieces pieces;
  private final int mostBytes;
  private final Buffer whole = Buffer.buffer();
  private final Promise<Buffer> promise = Promise.promise();
  private boolean done;

  public WholeBody(BodyPieces pieces, int mostBytes) {
    this.pieces = pieces;
    this.mostBytes = mostBytes;
  }

  /** The whole body. */
  public Future<Buffer> run() {
    pieces.onNew(this::readOn);
    readOn();
    return promise.future();
  }

  private void readOn() {
    try {
      while (!done) {
        Buffer piece = pieces.poll();
        Throwable broken = pieces.failure();
        if (piece != null) {
          append(piece);
        } else if (broken != null) {
          throw broken;
        } else if (pieces.ended()) {
          done = true;
          promise.complete(whole);
        } else {
          pieces.more();
          return;
        }
      }
    } catch (Throwable refused) {
      done = true;
      promise.fail(refused);
    }
  }

  private void append(Buffer piece) {
    if (whole.length() + piece.length() > mostBytes) {
      throw Problem.tooLarge("the body is longer than " + mostBytes + " bytes").toException();
    }
    whole.appendBuffer(piece);
  }
}
