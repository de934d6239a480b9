package io.bgfetch.worker.fetch;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/**
 * {@link BodyCodec#pipe} for an exchange: the stream that takes the body is chosen when the head of
 * the response is known, and not when the request is made.
 */
record ExchangeCodec(Exchange exchange) implements BodyCodec<Void> {

  @Override
  public BodyStream<Void> stream() {
    return new Piped(exchange, exchange.sink());
  }

  private record Piped(Exchange exchange, WriteStream<Buffer> sink) implements BodyStream<Void> {

    @Override
    public Future<Void> result() {
      return Future.succeededFuture();
    }

    @Override
    public void handle(Throwable failure) {
      // the exchange's future says it
    }

    @Override
    public Future<Void> write(Buffer data) {
      return sink.write(data);
    }

    @Override
    public Future<Void> end() {
      return sink.end();
    }

    @Override
    public boolean writeQueueFull() {
      boolean full = sink.writeQueueFull();
      if (full) {
        exchange.hold();
      }
      return full;
    }

    @Override
    public BodyStream<Void> drainHandler(@Nullable Handler<Void> handler) {
      var unused =
          sink.drainHandler(
              drained -> {
                exchange.letGo();
                if (handler != null) {
                  handler.handle(drained);
                }
              });
      return this;
    }

    @Override
    public BodyStream<Void> setWriteQueueMaxSize(int maxSize) {
      var unused = sink.setWriteQueueMaxSize(maxSize);
      return this;
    }

    @Override
    public BodyStream<Void> exceptionHandler(@Nullable Handler<Throwable> handler) {
      var unused = sink.exceptionHandler(handler);
      return this;
    }
  }
}
