package io.bgfetch.worker;

import io.bgfetch.lifecycle.Part;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Health and metrics of a worker over HTTP. */
final class WorkerHttp implements Part {

  private final Vertx vertx;
  private final String host;
  private final int port;
  private final PrometheusMeterRegistry registry;
  private final Supplier<List<String>> troubles;
  private @Nullable HttpServer server;

  /**
   * A server that does not listen yet.
   *
   * @param troubles why the worker is not ready, empty when it is
   */
  WorkerHttp(
      Vertx vertx,
      String host,
      int port,
      PrometheusMeterRegistry registry,
      Supplier<List<String>> troubles) {
    this.vertx = vertx;
    this.host = host;
    this.port = port;
    this.registry = registry;
    this.troubles = troubles;
  }

  @Override
  public Future<Void> start() {
    Router router = Router.router(vertx);
    router.get("/health/live").handler(this::live);
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(port, host)
        .onSuccess(listening -> server = listening)
        .mapEmpty();
  }

  /** The port that it listens on. */
  int port() {
    return server == null ? 0 : server.actualPort();
  }

  private void live(RoutingContext call) {
    call.json(new JsonObject().put("status", "UP")).onFailure(call::fail);
  }

  private void ready(RoutingContext call) {
    List<String> found = troubles.get();
    JsonObject body = new JsonObject().put("status", found.isEmpty() ? "UP" : "DOWN");
    if (!found.isEmpty()) {
      call.response().setStatusCode(503);
      body.put("troubles", found);
    }
    call.json(body).onFailure(call::fail);
  }

  /** A scrape may be large: it is put together away from the event loop. */
  private void metrics(RoutingContext call) {
    vertx
        .executeBlocking(registry::scrape, false)
        .onSuccess(
            text ->
                call.response()
                    .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(text)
                    .onFailure(gone -> {}))
        .onFailure(call::fail);
  }

  @Override
  public Future<Void> stop() {
    HttpServer listening = server;
    server = null;
    return listening == null ? Future.succeededFuture() : listening.close();
  }
}
