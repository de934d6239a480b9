package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose request it is, before anything of its body is read. Everything below {@code /v1}
 * belongs to a tenant; the rest is for everybody.
 */
final class Authentication implements Handler<RoutingContext> {

  private static final String API = "/v1/";
  private static final String ONLY_TENANT = "default";
  private static final String BEARER = "bearer ";

  private final ApiKeys keys;

  Authentication(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public void handle(RoutingContext rc) {
    if (RoutedPath.of(rc).startsWith(API)) {
      String tenant = keys.isEmpty() ? ONLY_TENANT : tenantOf(key(rc.request()));
      new Tenant(tenant, keys.mayRegister(tenant)).own(rc);
    }
    rc.next();
  }

  private String tenantOf(@Nullable String key) {
    if (key == null) {
      throw Problem.unauthorized("a key is needed, as Authorization: Bearer or X-Api-Key")
          .toException();
    }
    return keys.tenantOf(key)
        .orElseThrow(() -> Problem.unauthorized("the key is not known here").toException());
  }

  /** The token of RFC 6750, section 2.1, or the header that many tools know instead. */
  private static @Nullable String key(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? authorization.substring(BEARER.length()).strip()
        : request.getHeader("X-Api-Key");
  }
}
