package io.bgfetch.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
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

  private final IncomingBodies bodies;
  private final int mostBytes;

  ContractRequests(IncomingBodies bodies, int mostBytes) {
    this.bodies = bodies;
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
    return bodies.whole(rc, mostBytes).map(body -> body);
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
          case PATH -> path.put(name, value(parameter, rc.pathParam(name)));
          case QUERY -> query.put(name, value(parameter, first(rc.queryParam(name))));
          case HEADER -> headers.put(name, value(parameter, rc.request().getHeader(name)));
          case COOKIE -> {}
        }
      }
    }

    private static @Nullable String first(List<String> values) {
      return values.isEmpty() ? null : values.getFirst();
    }

    /** The library reads a string as JSON between quotation marks, but adds nothing but these. */
    private static RequestParameter value(Parameter parameter, @Nullable String text) {
      if (text == null || parameter.getSchemaType() != SchemaType.STRING) {
        return () -> text;
      }
      String quoted = Json.encode(text);
      return () -> quoted.substring(1, quoted.length() - 1);
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
