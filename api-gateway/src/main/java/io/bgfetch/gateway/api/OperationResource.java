package io.bgfetch.gateway.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Health and metrics, for those who run a gateway. */
public final class OperationResource {

  private static final String UP = "up";
  private static final String DOWN = "down";

  private final Vertx vertx;
  private final Supplier<Future<Void>> postgres;
  private final BooleanSupplier kafka;
  private final PrometheusMeterRegistry metrics;

  /**
   * Makes the resource.
   *
   * @param postgres succeeds when Postgres answers, in bounded time
   * @param kafka whether Kafka was heard of a moment ago
   */
  public OperationResource(
      Vertx vertx,
      Supplier<Future<Void>> postgres,
      BooleanSupplier kafka,
      PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.postgres = postgres;
    this.kafka = kafka;
    this.metrics = metrics;
  }

  void live(RoutingContext rc) {
    Answers.json(rc, 200, new JsonObject().put("status", UP));
  }

  /** Without Kafka registering, reading and aborting still work: degraded, but ready. */
  void ready(RoutingContext rc) {
    postgres
        .get()
        .transform(answer -> Future.succeededFuture(answer.succeeded()))
        .onSuccess(alive -> ready(rc, alive, kafka.getAsBoolean()));
  }

  private static void ready(RoutingContext rc, boolean postgres, boolean kafka) {
    JsonObject backends =
        new JsonObject().put("postgres", postgres ? UP : DOWN).put("kafka", kafka ? UP : DOWN);
    String status = !postgres ? DOWN : kafka ? UP : "degraded";
    Answers.json(
        rc, postgres ? 200 : 503, new JsonObject().put("status", status).put("backends", backends));
  }

  /** A scrape may be large: it is put together away from the event loop. */
  void metrics(RoutingContext rc) {
    vertx
        .executeBlocking(metrics::scrape, false)
        .onSuccess(
            text ->
                rc.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                    .end(text)
                    .onFailure(gone -> {}))
        .onFailure(rc::fail);
  }
}
