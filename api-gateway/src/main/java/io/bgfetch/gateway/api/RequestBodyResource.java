package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.RecordKey;
import io.bgfetch.gateway.reading.RequestBody;
import io.bgfetch.gateway.reading.StoredReading;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** {@code /v1/fetches/{ref}/records/{index}/request-body}: what was, or is to be, sent. */
final class RequestBodyResource {

  private final Registrations registrations;
  private final Bodies bodies;

  RequestBodyResource(Registrations registrations, Bodies bodies) {
    this.registrations = registrations;
    this.bodies = bodies;
  }

  void get(RoutingContext rc) {
    int index = Parameters.of(rc).index();
    Answers.within(FetchResource.find(registrations, rc))
        .compose(found -> open(RecordKey.of(found, index)))
        .compose(body -> serve(rc.response(), body))
        .onFailure(rc::fail);
  }

  private Future<RequestBody> open(RecordKey key) {
    Future<RequestBody> opening = bodies.openRequest(key);
    return Answers.within(opening)
        .onFailure(late -> opening.onSuccess(body -> body.bytes().close()));
  }

  /** However the answer fails, the body is closed. */
  private static Future<Void> serve(HttpServerResponse response, RequestBody open) {
    return Future.succeededFuture(open)
        .compose(body -> answer(response, body))
        .onComplete(done -> open.bytes().close());
  }

  private static Future<Void> answer(HttpServerResponse response, RequestBody body) {
    StoredReading bytes = body.bytes();
    return bytes
        .begin(bytes.whole())
        .compose(
            begun -> {
              ForeignContent.protect(response);
              ForeignContent.type(response, body.contentType());
              response
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                  .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(bytes.size()));
              return bytes.sendTo(response);
            })
        .compose(sent -> response.end());
  }
}
