package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.orders.Aborting;
import io.bgfetch.gateway.registering.Registering;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;

/** The resources of the HTTP interface and which operation of the contract each one carries out. */
public final class Resources {

  private final FetchesResource fetches;
  private final FetchResource fetch;
  private final OperationResource operation;

  public Resources(
      Vertx vertx,
      Database database,
      Registering registering,
      Registrations registrations,
      Aborting aborting,
      PrometheusMeterRegistry metrics) {
    this.fetches = new FetchesResource(registering, registrations);
    this.fetch = new FetchResource(registrations, aborting);
    this.operation = new OperationResource(vertx, database::ping, () -> true, metrics);
  }

  ApiRouter routeOn(ApiRouter routes) {
    return routes
        .routeUnvalidated("register", fetches::register)
        .route("listRegistrations", Answers.ok(fetches::list))
        .route("getRegistration", fetch::get)
        .route("abort", Answers.ok(fetch::abort))
        .route("live", operation::live)
        .route("ready", operation::ready)
        .route("metrics", operation::metrics);
  }
}
