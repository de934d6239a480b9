package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The routes of the contract, each with the handler of its operation. */
final class ApiRouter {

  /** A query for records is a URL, some headers and options. */
  private static final int MOST_QUERY_BYTES = 1 << 20;

  private final Contract contract;
  private final OpenAPIContract checked;
  private final RouterBuilder builder;

  private ApiRouter(
      Vertx vertx, Contract contract, OpenAPIContract checked, IncomingBodies bodies) {
    this.contract = contract;
    this.checked = checked;
    this.builder =
        RouterBuilder.create(vertx, checked, new ContractRequests(bodies, MOST_QUERY_BYTES));
  }

  /** Reads the contract; routes for its operations are then added one by one. */
  static Future<ApiRouter> of(Vertx vertx, IncomingBodies bodies) {
    Contract contract = Contract.load();
    return OpenAPIContract.from(vertx, contract.forRouter())
        .map(checked -> new ApiRouter(vertx, contract, checked, bodies));
  }

  /** Requests of this operation are validated by the contract first. */
  ApiRouter route(String operation, Handler<RoutingContext> handler) {
    operation(operation).addHandler(handler);
    return this;
  }

  /** Requests of this operation have a body that the contract's validation does not know. */
  ApiRouter routeUnvalidated(String operation, Handler<RoutingContext> handler) {
    operation(operation).setDoValidation(false).addHandler(handler);
    return this;
  }

  private OpenAPIRoute operation(String id) {
    return Objects.requireNonNull(builder.getRoute(id), id);
  }

  /** The router, with answers for everything that is no operation. */
  Router build(OriginRules origins, Authentication authentication) {
    ProblemAnswer problems = new ProblemAnswer();
    operation("contract").addHandler(this::serveContract);
    Router router = builder.rootHandler(origins).rootHandler(authentication).createRouter();
    router.route().last().failureHandler(problems);
    router.errorHandler(404, rc -> ProblemAnswer.answer(rc, Problem.notFound("no such path")));
    router.errorHandler(405, this::refuseMethod);
    router.errorHandler(
        400, rc -> ProblemAnswer.answer(rc, Problem.badRequest("the path cannot be decoded")));
    router.errorHandler(500, problems);
    return router;
  }

  private void serveContract(RoutingContext rc) {
    rc.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, Contract.MEDIA_TYPE)
        .end(contract.served())
        .onFailure(gone -> {});
  }

  private void refuseMethod(RoutingContext rc) {
    Set<String> allowed =
        checked.getPaths().stream()
            .filter(path -> matches(path, rc.normalizedPath()))
            .flatMap(path -> path.getOperations().stream())
            .map(Operation::getHttpMethod)
            .map(Object::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    ProblemAnswer.answer(rc, Problem.methodNotAllowed(String.join(", ", allowed)));
  }

  private static boolean matches(Path template, String path) {
    String regex =
        Pattern.compile("\\{[^}]+}|[^{]+")
            .matcher(template.getName())
            .replaceAll(
                part ->
                    part.group().startsWith("{")
                        ? "[^/]+"
                        : Matcher.quoteReplacement(Pattern.quote(part.group())));
    return path.matches(regex + "/?");
  }
}
