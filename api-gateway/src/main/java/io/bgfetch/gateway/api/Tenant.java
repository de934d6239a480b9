package io.bgfetch.gateway.api;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** Whose request it is. Until there are keys that tell tenants apart, all are one. */
final class Tenant {

  private static final String ONLY = "default";

  private Tenant() {}

  static String of(RoutingContext rc) {
    Objects.requireNonNull(rc);
    return ONLY;
  }
}
