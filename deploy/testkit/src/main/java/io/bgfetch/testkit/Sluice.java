package io.bgfetch.testkit;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A page for {@link Origin#on} of long bodies, all of which come up to the same level and no
 * further until the test raises it, each as fast as its client reads. {@code seed=…} of a request
 * says which body it gets, that of {@code /bytes/{n}?seed=…}. Thread-safe.
 */
public final class Sluice implements Handler<HttpServerRequest> {
  private static final int CHUNK = 16 << 10;

  private final long length;
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private final Map<Long, Boolean> opened = new ConcurrentHashMap<>();
  private volatile long level;

  /** Bodies of so many bytes, of which none comes yet. */
  public Sluice(long length) {
    this.length = length;
  }

  /** So many bytes of every body may come. */
  public void raise(long bytes) {
    level = bytes;
    streams.forEach(Stream::flow);
  }

  /** All of the body with this seed may come. */
  public void open(long seed) {
    opened.put(seed, true);
    streams.forEach(Stream::flow);
  }

  @Override
  public void handle(HttpServerRequest request) {
    long seed = Long.parseLong(request.getParam("seed"));
    HttpServerResponse response =
        request.response().putHeader("Content-Length", Long.toString(length));
    Stream stream = new Stream(seed, response, Vertx.currentContext());
    streams.add(stream);
    response.drainHandler(drained -> stream.write());
    stream.writeHead();
  }

  private final class Stream {
    private final long seed;
    private final HttpServerResponse response;
    private final Context context;
    private long position;

    Stream(long seed, HttpServerResponse response, Context context) {
      this.seed = seed;
      this.response = response;
      this.context = context;
    }

    void flow() {
      context.runOnContext(now -> write());
    }

    void writeHead() {
      response.writeHead().onSuccess(written -> write());
    }

    private long allowed() {
      return opened.containsKey(seed) ? length : Math.min(level, length);
    }

    void write() {
      long end = allowed();
      while (position < end && !response.closed() && !response.writeQueueFull()) {
        int size = (int) Math.min(CHUNK, end - position);
        Buffer chunk = Buffer.buffer(new RandomBytes(seed).read(position, size));
        position += size;
        var unused = position == length ? response.end(chunk) : response.write(chunk);
      }
    }
  }
}
