package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Whose request it is.
 *
 * @param mayRegister whether new registrations are taken from it
 */
record Tenant(String name, boolean mayRegister) {

  private static final String KEY = Tenant.class.getName();

  /** Says whose request this is. */
  void own(RoutingContext rc) {
    rc.put(KEY, this);
  }

  private static Tenant owner(RoutingContext rc) {
    return Objects.requireNonNull(rc.get(KEY), "a request that nobody authenticated");
  }

  /** The name of the tenant whose request this is. */
  static String of(RoutingContext rc) {
    return owner(rc).name();
  }

  /** The same, for a request that registers; fails with a problem where that is not allowed. */
  static String registering(RoutingContext rc) {
    Tenant tenant = owner(rc);
    if (!tenant.mayRegister()) {
      throw Problem.notAllowed("the tenant " + tenant.name() + " may not register").toException();
    }
    return tenant.name();
  }
}
