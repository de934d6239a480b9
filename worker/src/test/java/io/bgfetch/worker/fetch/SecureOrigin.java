package io.bgfetch.worker.fetch;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A TLS server on 127.0.0.1 that answers as a test tells it to. */
final class SecureOrigin implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpServer server;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile Handler<HttpServerRequest> handler = request -> request.response().end("ok");

  /**
   * A request that came.
   *
   * @param serverName what the client named in the TLS handshake (SNI), null for none
   * @param authority what it asked for
   * @param connection which one it came by
   */
  record Seen(HttpVersion version, String serverName, String authority, Object connection) {}

  private SecureOrigin(PfxOptions key, boolean http2) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setSsl(true)
            .setKeyCertOptions(key)
            .setSni(true)
            .setUseAlpn(http2)
            .setMaxHeaderSize(256 << 10)
            .setAlpnVersions(List.of(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1));
    server = vertx.createHttpServer(options).requestHandler(this::handle);
    await(server.listen());
  }

  static SecureOrigin http2(PfxOptions key) {
    return new SecureOrigin(key, true);
  }

  static SecureOrigin http11(PfxOptions key) {
    return new SecureOrigin(key, false);
  }

  SecureOrigin answering(Handler<HttpServerRequest> requests) {
    handler = requests;
    return this;
  }

  private void handle(HttpServerRequest request) {
    seen.add(
        new Seen(
            request.version(),
            request.connection().indicatedServerName(),
            request.authority().toString(),
            request.connection()));
    handler.handle(request);
  }

  List<Seen> seen() {
    return seen;
  }

  String url(String host) {
    return "https://" + host + ":" + server.actualPort() + "/";
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
