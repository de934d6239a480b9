package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.ext.web.RoutingContext;

/** The path by which a request is routed; the one that was sent may be written in other ways. */
final class RoutedPath {

  private RoutedPath() {}

  /**
   * The path of a request, normalized (RFC 3986, section 6.2.2).
   *
   * @throws io.bgfetch.gateway.problem.ProblemException of status 400 if it cannot be
   */
  static String of(RoutingContext rc) {
    try {
      return rc.normalizedPath();
    } catch (IllegalArgumentException notOne) {
      throw Problem.badRequest("the path cannot be decoded").toException();
    }
  }
}
