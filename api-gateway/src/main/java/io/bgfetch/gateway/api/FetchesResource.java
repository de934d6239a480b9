package io.bgfetch.gateway.api;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.HeaderValue;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.RegistrationJson;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.Registering;
import io.bgfetch.gateway.registering.Registering.Sender;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;

/** {@code /v1/fetches}: registering and listing. */
final class FetchesResource {

  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";
  private static final List<String> KNOWN = List.of(JSON, LINES, "multipart/form-data");

  private final Registering registering;
  private final Registrations registrations;

  FetchesResource(Registering registering, Registrations registrations) {
    this.registering = registering;
    this.registrations = registrations;
  }

  void register(RoutingContext rc) {
    Sender sender = new Sender(Tenant.registering(rc), IdempotencyKey.of(rc));
    HeaderValue type = mediaType(rc);
    if (!KNOWN.contains(type.type())) {
      throw Problem.unsupportedMediaType("the body is " + String.join(", ", KNOWN)).toException();
    }
    boolean lines = type.type().equals(LINES);
    BodyPieces body = lines ? IncomingBodies.of(rc) : IncomingBodies.atOnce(rc);
    Future.succeededFuture(body)
        .compose(pieces -> register(sender, type, pieces))
        .onComplete(done -> body.close())
        .onSuccess(registration -> created(rc, registration))
        .onFailure(rc::fail);
  }

  void retry(RoutingContext rc) {
    Sender sender = new Sender(Tenant.registering(rc), IdempotencyKey.of(rc));
    String type = mediaType(rc).type();
    if (!type.isEmpty() && !type.equals(JSON)) {
      throw Problem.unsupportedMediaType("the body is " + JSON).toException();
    }
    BodyPieces body = IncomingBodies.atOnce(rc);
    Future.succeededFuture(body)
        .compose(pieces -> registering.retry(sender, rc.pathParam("ref"), pieces))
        .onComplete(done -> body.close())
        .onSuccess(registration -> created(rc, registration))
        .onFailure(rc::fail);
  }

  private Future<Registration> register(Sender sender, HeaderValue type, BodyPieces body) {
    return switch (type.type()) {
      case JSON -> registering.registerDocument(sender, body);
      case LINES -> registering.registerLines(sender, body);
      default ->
          registering.registerForm(sender, type.parameters().getOrDefault("boundary", ""), body);
    };
  }

  private static HeaderValue mediaType(RoutingContext rc) {
    String type = rc.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return HeaderValue.parse(type == null ? "" : type);
  }

  private static void created(RoutingContext rc, Registration registration) {
    rc.response().putHeader(HttpHeaders.LOCATION, "/v1/fetches/" + registration.uid());
    Answers.json(rc, 201, RegistrationJson.of(registration));
  }

  Future<JsonObject> list(RoutingContext rc) {
    Parameters parameters = Parameters.of(rc);
    int limit = parameters.limit();
    UUID older = parameters.cursor().map(Cursor::uid).orElse(Registrations.NEWEST);
    String id = parameters.query("id").orElse(null);
    return registrations
        .list(parameters.tenant(), older, id, parameters.flag("active"), limit + 1)
        .map(found -> page(found, limit));
  }

  /** One more than the page holds was asked for: it tells whether there is a next page. */
  private static JsonObject page(List<StoredRegistration> found, int limit) {
    List<StoredRegistration> page = found.subList(0, Math.min(limit, found.size()));
    JsonArray json = new JsonArray();
    page.forEach(one -> json.add(RegistrationJson.of(one.registration())));
    String next = found.size() > limit ? Cursor.of(page.getLast().uid()) : null;
    return new JsonObject().put("registrations", json).put("next", next);
  }
}
