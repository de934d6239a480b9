package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.RegistrationJson;
import io.bgfetch.gateway.orders.Orders;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.gateway.registering.AppearanceCheck;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code /v1/fetches/{ref}} and what is below it: orders about one registration. */
final class OrdersResource {

  private static final String JSON = "application/json";
  private static final int NOT_FOUND = 404;

  private final Registrations registrations;
  private final Orders orders;
  private final AppearanceCheck appearance;
  private final IncomingBodies bodies;

  OrdersResource(
      Registrations registrations,
      Orders orders,
      AppearanceCheck appearance,
      IncomingBodies bodies) {
    this.registrations = registrations;
    this.orders = orders;
    this.appearance = appearance;
    this.bodies = bodies;
  }

  Future<JsonObject> abort(RoutingContext rc) {
    return find(rc)
        .compose(found -> orders.abort(Tenant.of(rc), found.uid()))
        .map(aborted -> new JsonObject().put("aborted", aborted));
  }

  Future<JsonObject> pause(RoutingContext rc) {
    return find(rc)
        .compose(found -> orders.pause(Tenant.of(rc), found.uid()))
        .map(RegistrationJson::of);
  }

  Future<JsonObject> resume(RoutingContext rc) {
    return find(rc)
        .compose(found -> orders.resume(Tenant.of(rc), found.uid()))
        .map(RegistrationJson::of);
  }

  Future<JsonObject> release(RoutingContext rc) {
    return find(rc)
        .compose(found -> orders.release(Tenant.of(rc), found.uid()))
        .map(RegistrationJson::of);
  }

  /** Takes a title and icons; its body is read before anything is looked up. */
  Future<JsonObject> update(RoutingContext rc) {
    if (!Answers.mediaType(rc).equals(JSON)) {
      throw Problem.unsupportedMediaType("the body is " + JSON).toException();
    }
    return bodies
        .whole(rc, appearance.mostBytes())
        .map(appearance::check)
        .compose(
            checked ->
                find(rc).compose(found -> orders.update(Tenant.of(rc), found.uid(), checked)))
        .map(RegistrationJson::of);
  }

  void click(RoutingContext rc) {
    Answers.within(find(rc).compose(found -> orders.click(Tenant.of(rc), found.uid())))
        .onSuccess(clicked -> Answers.empty(rc, 202))
        .onFailure(rc::fail);
  }

  /** What is not there is as deleted as it can be. */
  void delete(RoutingContext rc) {
    Answers.within(
            find(rc)
                .compose(found -> orders.delete(Tenant.of(rc), found.uid()))
                .recover(OrdersResource::unlessGone))
        .onSuccess(deleted -> Answers.empty(rc, 204))
        .onFailure(rc::fail);
  }

  private static Future<Void> unlessGone(Throwable cause) {
    return cause instanceof ProblemException problem && problem.problem().status() == NOT_FOUND
        ? Future.succeededFuture()
        : Future.failedFuture(cause);
  }

  private Future<StoredRegistration> find(RoutingContext rc) {
    return FetchResource.find(registrations, rc);
  }
}
