package io.bgfetch.gateway.api;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.RegistrationJson;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.Registering;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** {@code /v1/fetches}: registering and listing. */
final class FetchesResource {

  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

  private final Registering registering;
  private final Registrations registrations;

  FetchesResource(Registering registering, Registrations registrations) {
    this.registering = registering;
    this.registrations = registrations;
  }

  void register(RoutingContext rc) {
    String type = mediaType(rc);
    if (!type.equals(JSON) && !type.equals(LINES)) {
      throw Problem.unsupportedMediaType("the body is " + JSON + " or " + LINES).toException();
    }
    String coding = rc.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    BodyPieces body = new BodyPieces(rc.request(), coding);
    Future<Registration> registered =
        type.equals(JSON)
            ? registering.registerDocument(Tenant.of(rc), body)
            : registering.registerLines(Tenant.of(rc), body);
    registered
        .onComplete(done -> body.close())
        .onSuccess(registration -> created(rc, registration))
        .onFailure(rc::fail);
  }

  private static String mediaType(RoutingContext rc) {
    String type = rc.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
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
