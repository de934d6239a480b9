package io.bgfetch.gateway.api;

import io.bgfetch.connection.ReadAhead;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HTTP interface: it listens from start to stop, and finishes what it is answering. */
public final class ApiServer implements Part {

  private static final int REQUEST_LINE = 32 * 1024;
  private static final int HEADERS = 64 * 1024;
  private static final int IDLE_SECONDS = 120;
  private static final int FINISH_SECONDS = 3;

  private final Vertx vertx;
  private final HttpSettings settings;
  private final Resources resources;
  private @Nullable HttpServer server;

  public ApiServer(Vertx vertx, HttpSettings settings, Resources resources) {
    this.vertx = vertx;
    this.settings = settings;
    this.resources = resources;
  }

  @Override
  public Future<Void> start() {
    return ApiRouter.of(vertx, resources.bodies())
        .map(routes -> resources.routeOn(routes).build(origins(), authentication()))
        .compose(this::listen)
        .mapEmpty();
  }

  private OriginRules origins() {
    return new OriginRules(settings.origins(), !settings.keys().isEmpty());
  }

  private Authentication authentication() {
    return new Authentication(settings.keys());
  }

  private Future<HttpServer> listen(Router router) {
    return vertx
        .createHttpServer(options())
        .requestHandler(router)
        .invalidRequestHandler(new UnreadableHead())
        .connectionHandler(ReadAhead::limit)
        .listen(settings.port(), settings.host())
        .onSuccess(listening -> server = listening);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(REQUEST_LINE)
        .setMaxHeaderSize(HEADERS)
        .setMaxChunkSize(ReadAhead.PIECE)
        .setTcpKeepAlive(true) // who reads a body that takes hours to arrive may be gone
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  /** The port that it listens on, once started. */
  public int port() {
    HttpServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("the server does not listen");
    }
    return listening.actualPort();
  }

  @Override
  public Future<Void> stop() {
    HttpServer listening = server;
    server = null;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(FINISH_SECONDS, TimeUnit.SECONDS);
  }
}
