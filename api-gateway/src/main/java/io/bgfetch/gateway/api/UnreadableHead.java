package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers requests whose head is too long or no HTTP; nothing can follow on their connection. */
final class UnreadableHead implements Handler<HttpServerRequest> {

  @Override
  public void handle(HttpServerRequest request) {
    Problem problem =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException line -> Problem.ofStatus(414, "URI Too Long");
          case TooLongHttpHeaderException head ->
              Problem.ofStatus(431, "Request Header Fields Too Large");
          case null, default -> Problem.badRequest("the head of the request is not HTTP");
        };
    request
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(problem.toJson().toBuffer())
        .eventually(() -> request.connection().close())
        .onFailure(gone -> {});
  }
}
