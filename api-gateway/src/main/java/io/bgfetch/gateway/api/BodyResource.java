package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.ByteRange;
import io.bgfetch.gateway.reading.CompleteBody;
import io.bgfetch.gateway.reading.LiveReading;
import io.bgfetch.gateway.reading.OpenBody;
import io.bgfetch.gateway.reading.RecordKey;
import io.bgfetch.gateway.reading.StoredReading;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code /v1/fetches/{ref}/records/{index}/body}: what was fetched, complete or while it arrives.
 */
final class BodyResource {

  private static final Duration KEEP_OPEN_EVERY = Duration.ofSeconds(30);

  private final Registrations registrations;
  private final ResponseWaits waits;
  private final Bodies bodies;

  BodyResource(Registrations registrations, ResponseWaits waits, Bodies bodies) {
    this.registrations = registrations;
    this.waits = waits;
    this.bodies = bodies;
  }

  void get(RoutingContext rc) {
    int index = Parameters.of(rc).index();
    Answers.within(FetchResource.find(registrations, rc))
        .map(found -> RecordKey.of(found, index))
        .compose(key -> waits.asPreferred(rc, key).map(key))
        .compose(this::open)
        .compose(body -> serve(rc, body))
        .onFailure(rc::fail);
  }

  private Future<OpenBody> open(RecordKey key) {
    Future<OpenBody> opening = bodies.open(key);
    return Answers.within(opening).onFailure(late -> opening.onSuccess(OpenBody::close));
  }

  /** However the answer fails, the body is closed. */
  private static Future<Void> serve(RoutingContext rc, OpenBody open) {
    return Future.succeededFuture(open)
        .compose(body -> answer(rc, body))
        .onComplete(done -> open.close());
  }

  private static Future<Void> answer(RoutingContext rc, OpenBody open) {
    return switch (open) {
      case OpenBody.Whole whole -> answer(rc, whole.body(), whole.bytes());
      case OpenBody.Live live -> follow(rc, live.bytes());
    };
  }

  /**
   * The body as far as it is, and then what comes. A Range header has no meaning while the length
   * is not known: it is ignored, as RFC 9110, section 14.2 allows. What ends too early is cut,
   * which over HTTP/1.0 would look like an end.
   */
  private static Future<Void> follow(RoutingContext rc, LiveReading live) {
    if (rc.request().version() == HttpVersion.HTTP_1_0) {
      return Future.failedFuture(
          Problem.invalidState("the body still arrives, which takes HTTP/1.1 to read")
              .toException());
    }
    HttpServerResponse response = rc.response();
    if (response.closed()) { // and would not say so again
      return Future.succeededFuture();
    }
    ForeignContent.protect(response);
    ForeignContent.type(response, live.head().headers().get("content-type"));
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .exceptionHandler(gone -> live.close())
        .closeHandler(gone -> live.close());
    KeptOpen open = new KeptOpen(rc.vertx(), response, KEEP_OPEN_EVERY);
    return response
        .writeHead()
        .compose(written -> live.sendTo(response))
        .onComplete(sent -> open.stop())
        .compose(sent -> response.end());
  }

  private static Future<Void> answer(RoutingContext rc, CompleteBody body, StoredReading bytes) {
    if (Answers.isKnown(rc, body.etag())) {
      identify(rc.response(), body);
      return rc.response().setStatusCode(304).end();
    }
    return switch (wanted(rc, body)) {
      case ByteRange.Whole whole ->
          bytes.begin(bytes.whole()).compose(begun -> send(rc, body, bytes, bytes.whole()));
      case ByteRange.Part part ->
          bytes.begin(part.range()).compose(begun -> sendPart(rc, body, bytes, part.range()));
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

  private static Future<Void> sendPart(
      RoutingContext rc, CompleteBody body, StoredReading bytes, ByteRange range) {
    rc.response()
        .setStatusCode(206)
        .putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(body.size()));
    return send(rc, body, bytes, range);
  }

  private static Future<Void> send(
      RoutingContext rc, CompleteBody body, StoredReading bytes, ByteRange range) {
    HttpServerResponse response = rc.response();
    identify(response, body);
    ForeignContent.protect(response);
    ForeignContent.type(response, body.contentType());
    response
        .putHeader("Repr-Digest", "sha-256=:" + body.digest() + ":")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
    return bytes.sendTo(response).compose(sent -> response.end());
  }

  /** It never changes; whether it may still be read does. */
  private static void identify(HttpServerResponse response, CompleteBody body) {
    response
        .putHeader(HttpHeaders.ETAG, body.etag())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
  }
}
