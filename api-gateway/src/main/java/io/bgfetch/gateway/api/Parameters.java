package io.bgfetch.gateway.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request asks for, after it was validated by the contract. */
final class Parameters {

  static final int DEFAULT_LIMIT = 100;

  private final RoutingContext rc;
  private final ValidatedRequest validated;

  private Parameters(RoutingContext rc, ValidatedRequest validated) {
    this.rc = rc;
    this.validated = validated;
  }

  static Parameters of(RoutingContext rc) {
    return new Parameters(rc, rc.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST));
  }

  /** The tenant whose request this is. */
  String tenant() {
    return Tenant.of(rc);
  }

  int index() {
    return number(validated.getPathParameters().get("index")).orElseThrow();
  }

  int limit() {
    return number(validated.getQuery().get("limit")).orElse(DEFAULT_LIMIT);
  }

  Optional<String> cursor() {
    return query("cursor");
  }

  Optional<String> query(String name) {
    return rc.queryParam(name).stream().findFirst();
  }

  boolean flag(String name) {
    RequestParameter parameter = validated.getQuery().get(name);
    return parameter != null && Boolean.TRUE.equals(parameter.get());
  }

  /** The body; an empty object where none was sent. */
  JsonObject body() {
    JsonObject body = validated.getBody().getJsonObject();
    return body == null ? new JsonObject() : body;
  }

  private static Optional<Integer> number(@Nullable RequestParameter parameter) {
    return parameter != null && parameter.get() instanceof Number number
        ? Optional.of(number.intValue())
        : Optional.empty();
  }
}
