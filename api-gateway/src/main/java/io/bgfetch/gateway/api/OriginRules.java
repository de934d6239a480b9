package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages from driving somebody's local gateway: a page may use it only if its origin is
 * the gateway's own or a listed one. Where nobody has to say who he is, it answers only under a
 * host name that is the loopback's or a listed one, so that no foreign name that is made to resolve
 * to this machine leads here.
 */
final class OriginRules implements Handler<RoutingContext> {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?::1]?");

  /** Probes of an orchestrator name the address that they were given. */
  private static final String PROBES = "/health/";

  private static final String METHODS = "GET, POST, PATCH, DELETE";
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-None-Match, If-Range,"
          + " Last-Event-ID, Prefer, Range, X-Api-Key";
  private static final String ANSWER_HEADERS =
      "Content-Range, ETag, Location, Preference-Applied, Repr-Digest, Retry-After";
  private static final String KEEP_SECONDS = "3600";

  private final Set<String> origins;
  private final Set<String> hosts;
  private final boolean anyHost;

  /**
   * Makes them.
   *
   * @param origins that may use the gateway beside its own
   * @param anyHost whether it answers under every host name
   */
  OriginRules(Set<String> origins, boolean anyHost) {
    this.anyHost = anyHost;
    this.origins = Set.copyOf(origins);
    this.hosts =
        origins.stream()
            .map(origin -> HostAndPort.parseAuthority(afterScheme(origin), -1))
            .map(authority -> authority.host().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void handle(RoutingContext rc) {
    if (!anyHost && !RoutedPath.of(rc).startsWith(PROBES)) {
      checkHost(rc.request().authority());
    }
    String origin = rc.request().getHeader(HttpHeaders.ORIGIN);
    if (origin != null) {
      checkOrigin(rc, origin);
    }
    if (origin != null && origins.contains(origin)) {
      allow(rc, origin);
    } else {
      rc.next();
    }
  }

  private void checkHost(@Nullable HostAndPort authority) {
    String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    if (!LOOPBACK.matcher(host).matches() && !hosts.contains(host)) {
      throw Problem.forbidden("this gateway does not answer to the host of the request")
          .toException();
    }
  }

  private void checkOrigin(RoutingContext rc, String origin) {
    HostAndPort authority = rc.request().authority();
    boolean own = authority != null && afterScheme(origin).equalsIgnoreCase(authority.toString());
    if (!own && !origins.contains(origin)) {
      throw Problem.forbidden("pages of this origin may not use this gateway").toException();
    }
  }

  /** Tells the browser of a listed page what it wants to hear (Fetch standard, CORS protocol). */
  private static void allow(RoutingContext rc, String origin) {
    HttpServerResponse response =
        rc.response()
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
            .putHeader(HttpHeaders.VARY, "Origin");
    boolean preflight =
        rc.request().method().equals(HttpMethod.OPTIONS)
            && rc.request().headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    if (preflight) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
          .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, KEEP_SECONDS)
          .setStatusCode(204)
          .end()
          .onFailure(gone -> {});
    } else {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
      rc.next();
    }
  }

  private static String afterScheme(String origin) {
    int end = origin.indexOf("://");
    return end < 0 ? "" : origin.substring(end + 3);
  }
}
