package io.bgfetch.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** How handlers answer: with a future's value as JSON, or its failure as a problem. */
final class Answers {

  /** A backend that hangs must not make its clients hang. */
  private static final Duration WITHIN = Duration.ofSeconds(15);

  private static final String JSON = "application/json";

  private Answers() {}

  /** Answers 200 with what the resource gives. */
  static Handler<RoutingContext> ok(Function<RoutingContext, Future<JsonObject>> resource) {
    return rc ->
        within(resource.apply(rc)).onSuccess(json -> json(rc, 200, json)).onFailure(rc::fail);
  }

  /** The same future with a deadline. */
  static <T> Future<T> within(Future<T> future) {
    return future.timeout(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  static void json(RoutingContext rc, int status, JsonObject json) {
    HttpServerResponse response = rc.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
          .end(json.toBuffer())
          .onFailure(gone -> {});
    }
  }

  /** Answers without a body. */
  static void empty(RoutingContext rc, int status) {
    HttpServerResponse response = rc.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).end().onFailure(gone -> {});
    }
  }

  /** The media type of the request's body in lower case, without parameters; empty without one. */
  static String mediaType(RoutingContext rc) {
    String type = rc.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Whether If-None-Match names this entity tag (RFC 9110, section 13.1.2). */
  static boolean isKnown(RoutingContext rc, String etag) {
    // Lines of one name are one list (RFC 9110, section 5.2).
    String known = String.join(",", rc.request().headers().getAll(HttpHeaders.IF_NONE_MATCH));
    for (String one : known.split(",", -1)) {
      String tag = one.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }
}
