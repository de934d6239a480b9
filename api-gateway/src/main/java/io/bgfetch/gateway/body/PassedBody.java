package io.bgfetch.gateway.body;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/** A body that is read to its end and of which nothing is kept; its pieces can be listened to. */
public final class PassedBody implements BodyReading.Sink {

  private final BodyReading reading;
  private final Promise<Void> promise = Promise.promise();

  public PassedBody(BodyPieces pieces) {
    this.reading = new BodyReading(pieces, this);
  }

  /** Ends when the body does. */
  public Future<Void> run() {
    reading.start();
    return promise.future();
  }

  @Override
  public void piece(Buffer piece) {}

  @Override
  public void end() {
    promise.complete();
  }

  @Override
  public void failed(Throwable cause) {
    promise.fail(cause);
  }
}
