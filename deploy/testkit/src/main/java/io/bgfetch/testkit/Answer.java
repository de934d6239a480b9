package io.bgfetch.testkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One answer of an {@link Origin}, well or badly behaved: a handler for {@link Origin#on}. Changed
 * by the test that makes it, and not any more once it is in use.
 */
public final class Answer implements Handler<HttpServerRequest> {

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private int cutAfter = -1;
  private boolean chunked;
  private Consumer<HttpServerRequest> cut = request -> request.connection().close();

  private Answer(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  /** 200 with a whole body. */
  public static Answer whole(byte[] body) {
    return new Answer(200, body);
  }

  /** 206 with these bytes of a body, the last one included, and a true Content-Range. */
  public static Answer part(byte[] body, int first, int last) {
    return new Answer(206, Buffer.buffer(body).getBytes(first, last + 1))
        .header("Content-Range", "bytes %d-%d/%d".formatted(first, last, body.length));
  }

  /**
   * What the request asks for: the whole body, or 206 with it from the first byte of a Range on.
   */
  public static Handler<HttpServerRequest> asked(byte[] body) {
    return request -> {
      String range = request.getHeader("Range");
      Answer answer =
          range == null
              ? whole(body)
              : part(body, Integer.parseInt(range.replaceAll("\\D", "")), body.length - 1);
      answer.handle(request);
    };
  }

  /** Any status with a short text. */
  public static Answer status(int status) {
    return new Answer(status, ("status " + status).getBytes(StandardCharsets.US_ASCII));
  }

  /** These answers one after the other, the last one to all further requests. */
  @SafeVarargs
  public static Handler<HttpServerRequest> inTurn(Handler<HttpServerRequest>... answers) {
    List<Handler<HttpServerRequest>> turns = List.of(answers);
    AtomicInteger next = new AtomicInteger();
    return request -> turns.get(Math.min(next.getAndIncrement(), turns.size() - 1)).handle(request);
  }

  /** Also sends this header. */
  public Answer header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Does not say how long the body is. */
  public Answer chunked() {
    chunked = true;
    return this;
  }

  /** Closes the connection after so many bytes of the body. */
  public Answer cutAfter(int bytes) {
    cutAfter = bytes;
    return this;
  }

  /** Resets the connection after so many bytes of the body. */
  public Answer resetAfter(int bytes) {
    cut = Answer::reset;
    return cutAfter(bytes);
  }

  /** Keeps the connection and says nothing more after so many bytes of the body. */
  public Answer stallAfter(int bytes) {
    cut = request -> {};
    return cutAfter(bytes);
  }

  @Override
  public void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response().setStatusCode(status);
    headers.forEach(response::putHeader);
    if (chunked) {
      response.setChunked(true);
    } else {
      response.putHeader("Content-Length", Integer.toString(body.length));
    }
    if (cutAfter < 0) {
      response.end(Buffer.buffer(body));
      return;
    }
    Future<Void> written =
        cutAfter == 0
            ? response.writeHead()
            : response.write(Buffer.buffer(body).slice(0, cutAfter));
    written.onSuccess(done -> cut.accept(request));
  }

  /** Vert.x has no way to say that a connection be reset (RST) instead of closed (FIN). */
  static void reset(HttpServerRequest request) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    var unused = channel.close();
  }
}
