package io.bgfetch.gateway.api;

import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.WholeBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the contract validates of a request. Parameters are decoded once (the library's own
 * extraction decodes those of the query twice), and bodies have a limit.
 */
final class ContractRequests implements RequestExtractor {

  private final int mostBytes;

  ContractRequests(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public Future<ValidatableRequest> extractValidatableRequest(
      RoutingContext rc, Operation operation) {
    return body(rc, operation).map(body -> new Extracted(rc, operation, body));
  }

  private Future<@Nullable Buffer> body(RoutingContext rc, Operation operation) {
    if (operation.getRequestBody() == null) {
      return Future.succeededFuture();
    }
    String coding = rc.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    BodyPieces pieces = new BodyPieces(rc.request(), coding);
    return new WholeBody(pieces, mostBytes).run().onComplete(read -> pieces.close());
  }

  private static final class Extracted implements ValidatableRequest {

    private final Map<String, RequestParameter> path = new HashMap<>();
    private final Map<String, RequestParameter> query = new HashMap<>();
    private final Map<String, RequestParameter> headers = new HashMap<>();
    private final RequestParameter body;
    private final @Nullable String contentType;

    Extracted(RoutingContext rc, Operation operation, @Nullable Buffer body) {
      this.body = () -> body;
      this.contentType = rc.request().getHeader(HttpHeaders.CONTENT_TYPE);
      for (Parameter parameter : operation.getParameters()) {
        String name = parameter.getName();
        switch (parameter.getIn()) {
          case PATH -> path.put(name, single(rc.pathParam(name)));
          case QUERY -> query.put(name, first(rc.queryParam(name)));
          case HEADER -> headers.put(name, single(rc.request().getHeader(name)));
          case COOKIE -> {}
        }
      }
    }

    private static RequestParameter first(List<String> values) {
      return single(values.isEmpty() ? null : values.getFirst());
    }

    private static RequestParameter single(@Nullable String value) {
      return () -> value;
    }

    @Override
    public Map<String, RequestParameter> getCookies() {
      return Map.of();
    }

    @Override
    public Map<String, RequestParameter> getPathParameters() {
      return path;
    }

    @Override
    public Map<String, RequestParameter> getQuery() {
      return query;
    }

    @Override
    public Map<String, RequestParameter> getHeaders() {
      return headers;
    }

    @Override
    public RequestParameter getBody() {
      return body;
    }

    @Override
    public @Nullable String getContentType() {
      return contentType;
    }
  }
}
