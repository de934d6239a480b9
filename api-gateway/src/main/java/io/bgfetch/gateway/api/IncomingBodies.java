package io.bgfetch.gateway.api;

import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.WholeBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** The bodies of requests, taken hold of where they are first wanted. */
final class IncomingBodies {

  /** What is held in memory until all of it is there must not dawdle. */
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final BodyBudget memory;

  IncomingBodies(BodyBudget memory) {
    this.memory = memory;
  }

  /** The body of a request, to be read piece by piece; whoever asks for it closes it. */
  static BodyPieces of(RoutingContext rc) {
    HttpServerRequest request = rc.request();
    BodyPieces body = new BodyPieces(request, request.getHeader(HttpHeaders.CONTENT_ENCODING));
    if (waitsForWord(request)) {
      request.response().writeContinue().onFailure(gone -> {}); // the body fails as well
    }
    return body;
  }

  /** RFC 9110, section 10.1.1: HTTP/1.0 does not know the expectation. */
  private static boolean waitsForWord(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_1_0
        && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  /** The same, of a body that is to come at once: after a minute it fails. */
  static BodyPieces atOnce(RoutingContext rc) {
    return of(rc).within(rc.vertx(), WITHIN);
  }

  /** All of a body. Its memory is given back when the request was answered. */
  Future<Buffer> whole(RoutingContext rc, int mostBytes) {
    BodyBudget.Share share = memory.share(Tenant.of(rc));
    rc.addEndHandler(answered -> share.close());
    BodyPieces pieces = atOnce(rc);
    return new WholeBody(pieces, mostBytes, share).run().onComplete(read -> pieces.close());
  }
}
