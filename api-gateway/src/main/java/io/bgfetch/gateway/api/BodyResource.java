package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.ByteRange;
import io.bgfetch.gateway.reading.CompleteBody;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /v1/fetches/{ref}/records/{index}/body}: what was fetched. It is foreign, and must not run
 * in our origin.
 */
final class BodyResource {

  private static final String OCTETS = "application/octet-stream";

  private final Registrations registrations;
  private final Bodies bodies;

  BodyResource(Registrations registrations, Bodies bodies) {
    this.registrations = registrations;
    this.bodies = bodies;
  }

  void get(RoutingContext rc) {
    int index = Parameters.of(rc).index();
    Answers.within(
            FetchResource.find(registrations, rc).compose(found -> bodies.find(found, index)))
        .compose(body -> answer(rc, body))
        .onFailure(rc::fail);
  }

  private Future<Void> answer(RoutingContext rc, CompleteBody body) {
    HttpServerResponse response = rc.response();
    response
        .putHeader(HttpHeaders.ETAG, body.etag())
        .putHeader("Repr-Digest", "sha-256=:" + body.digest() + ":")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "sandbox")
        .putHeader("Content-Disposition", "attachment");
    if (Answers.isKnown(rc, body.etag())) {
      return response.setStatusCode(304).end();
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType(body));
    return switch (wanted(rc, body)) {
      case ByteRange.Whole whole -> send(response, body, new ByteRange(0, body.size() - 1));
      case ByteRange.Part part -> {
        response
            .setStatusCode(206)
            .putHeader(HttpHeaders.CONTENT_RANGE, part.range().contentRange(body.size()));
        yield send(response, body, part.range());
      }
      case ByteRange.Unsatisfiable behind ->
          Future.failedFuture(Problem.rangeNotSatisfiable(body.size()).toException());
    };
  }

  /** A range of another version of the body is no use to anybody (RFC 9110, section 13.1.5). */
  private static ByteRange.Wanted wanted(RoutingContext rc, CompleteBody body) {
    String range = rc.request().getHeader("Range");
    String only = rc.request().getHeader("If-Range");
    return range == null || (only != null && !only.equals(body.etag()))
        ? new ByteRange.Whole()
        : ByteRange.wanted(range, body.size());
  }

  private Future<Void> send(HttpServerResponse response, CompleteBody body, ByteRange range) {
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
    return range.length() == 0
        ? response.end()
        : bodies.send(body, range, response).compose(sent -> response.end());
  }

  /** As the origin gave it, as long as it can stand in a header. */
  private static String contentType(CompleteBody body) {
    String type = body.contentType();
    return type == null || type.isBlank() || type.chars().anyMatch(c -> c < ' ' || c > '~')
        ? OCTETS
        : type;
  }
}
