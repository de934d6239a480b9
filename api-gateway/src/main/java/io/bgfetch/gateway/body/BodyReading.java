package io.bgfetch.gateway.body;

import io.vertx.core.buffer.Buffer;

/** Reads a body to its end, no faster than its sink takes the pieces. Used from one context. */
public final class BodyReading {

  private final BodyPieces pieces;
  private final Sink sink;
  private boolean done;
  private boolean inside;

  /** What takes a body. Whatever it throws ends the reading, and comes back as the failure. */
  public interface Sink {

    /** Whether no piece is wanted now; who says so calls {@link BodyReading#readOn} later. */
    default boolean busy() {
      return false;
    }

    /** The next piece. */
    void piece(Buffer piece);

    /** Every piece was given. */
    void end();

    /** Nothing more comes, and not all was given. */
    void failed(Throwable cause);
  }

  public BodyReading(BodyPieces pieces, Sink sink) {
    this.pieces = pieces;
    this.sink = sink;
  }

  /** Begins. */
  public void start() {
    pieces.onNew(this::readOn);
    readOn();
  }

  /** Gives what is here to the sink, and asks for more where nothing is left. */
  public void readOn() {
    if (inside) {
      return; // the sink was heard while it takes a piece: the loop below goes on anyway
    }
    inside = true;
    try {
      while (!done && !sink.busy()) {
        Buffer piece = pieces.poll();
        Throwable broken = pieces.failure();
        if (piece != null) {
          sink.piece(piece);
        } else if (broken != null) {
          fail(broken);
        } else if (pieces.ended()) {
          sink.end();
          done = true;
        } else {
          inside = false; // the next piece may come at once
          pieces.more();
          return;
        }
      }
    } catch (RuntimeException refused) {
      fail(refused);
    } finally {
      inside = false;
    }
  }

  /** Ends it with a failure, unless it has ended. */
  public void fail(Throwable cause) {
    if (!done) {
      done = true;
      sink.failed(cause);
    }
  }
}
