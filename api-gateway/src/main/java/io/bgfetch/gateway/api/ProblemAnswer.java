package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.PostgresFailure;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become answers. */
final class ProblemAnswer implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswer.class);

  /** A client that is still sending gets so long to finish and to read its answer. */
  private static final Duration READ_ON_FOR = Duration.ofSeconds(10);

  @Override
  public void handle(RoutingContext rc) {
    if (!rc.response().closed()) { // else nobody is there who could be told
      answer(rc, problem(rc));
    }
  }

  private static Problem problem(RoutingContext rc) {
    Throwable failure = rc.failure();
    Throwable cause =
        failure instanceof HttpException http && http.getCause() != null
            ? http.getCause()
            : failure;
    return switch (cause) {
      case null -> ofStatus(rc.statusCode());
      case ProblemException refused -> refused.problem();
      case ValidatorException invalid -> ofContract(rc, invalid);
      case HttpException plain -> ofStatus(plain.getStatusCode());
      case DecodeException notJson -> Problem.typeError("the body is not JSON");
      default -> PostgresFailure.isPassing(cause) ? unavailable(rc, cause) : internal(rc, cause);
    };
  }

  private static Problem ofStatus(int status) {
    return status < 400
        ? Problem.internal()
        : Problem.ofStatus(status, HttpResponseStatus.valueOf(status).reasonPhrase());
  }

  /** What is wrong with a body the browser's API would call a TypeError; it has no parameters. */
  private static Problem ofContract(RoutingContext rc, ValidatorException invalid) {
    if (invalid.type() == ValidatorErrorType.UNSUPPORTED_VALUE_FORMAT) {
      return Problem.unsupportedMediaType("the body is application/json");
    }
    String detail = String.valueOf(invalid.getMessage());
    if (!rc.request().method().equals(HttpMethod.POST)) {
      return Problem.badRequest(detail);
    }
    return Problem.typeError(
        invalid instanceof SchemaValidationException schema
            ? place(schema.getOutputUnit(), detail)
            : detail);
  }

  /** The error of the innermost place is the most precise one. */
  private static String place(@Nullable OutputUnit output, String detail) {
    List<OutputUnit> errors = output == null ? null : output.getErrors();
    if (errors == null || errors.isEmpty()) {
      return detail;
    }
    OutputUnit innermost =
        Collections.max(
            errors, Comparator.comparingInt(error -> depth(error.getInstanceLocation())));
    return innermost.getInstanceLocation() + ": " + innermost.getError();
  }

  private static int depth(@Nullable String place) {
    return place == null ? 0 : place.split("/", -1).length;
  }

  private static Problem unavailable(RoutingContext rc, Throwable cause) {
    LOG.atInfo()
        .addKeyValue("path", rc.request().path())
        .addKeyValue("reason", cause.toString())
        .log("the database does not answer");
    return Problem.unavailable();
  }

  private static Problem internal(RoutingContext rc, Throwable cause) {
    LOG.atError()
        .addKeyValue("path", rc.request().path())
        .setCause(cause)
        .log("a request could not be carried out");
    return Problem.internal();
  }

  /** Answers with a problem. Where the head is out already the answer is cut instead. */
  static void answer(RoutingContext rc, Problem problem) {
    HttpServerResponse response = rc.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    problem.headers().forEach(response::putHeader);
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .end(problem.toJson().toBuffer())
        .onFailure(gone -> {});
    readOn(rc);
  }

  private static void readOn(RoutingContext rc) {
    HttpServerRequest request = rc.request();
    if (!request.isEnded()) {
      request.resume();
      long timer =
          rc.vertx()
              .setTimer(
                  READ_ON_FOR.toMillis(),
                  late -> request.connection().close().onFailure(gone -> {}));
      request.connection().closeHandler(closed -> rc.vertx().cancelTimer(timer));
      request.endHandler(end -> rc.vertx().cancelTimer(timer));
    }
  }
}
