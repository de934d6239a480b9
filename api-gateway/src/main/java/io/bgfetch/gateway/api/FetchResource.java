package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.RegistrationJson;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code /v1/fetches/{ref}}: reading one registration. */
final class FetchResource {

  private final Registrations registrations;

  FetchResource(Registrations registrations) {
    this.registrations = registrations;
  }

  void get(RoutingContext rc) {
    Answers.within(find(rc))
        .map(found -> activeIfAsked(rc, found))
        .onSuccess(found -> answer(rc, found))
        .onFailure(rc::fail);
  }

  private static StoredRegistration activeIfAsked(RoutingContext rc, StoredRegistration found) {
    if (Parameters.of(rc).flag("active") && !found.active()) {
      throw Problem.notFound("the registration is not active").toException();
    }
    return found;
  }

  private static void answer(RoutingContext rc, StoredRegistration found) {
    // Records expire without a change of the version.
    String etag =
        "\"%s:%d%s\""
            .formatted(
                found.uid(),
                found.registration().version(),
                found.registration().recordsAvailable() ? "" : ":unavailable");
    rc.response()
        .putHeader(HttpHeaders.ETAG, etag)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (Answers.isKnown(rc, etag)) {
      rc.response().setStatusCode(304).end().onFailure(gone -> {});
    } else {
      Answers.json(rc, 200, RegistrationJson.of(found.registration()));
    }
  }

  private Future<StoredRegistration> find(RoutingContext rc) {
    return find(registrations, rc);
  }

  /** The registration that the path names, or the problem that there is none. */
  static Future<StoredRegistration> find(Registrations registrations, RoutingContext rc) {
    return registrations.find(Tenant.of(rc), rc.pathParam("ref")).map(FetchResource::existing);
  }

  /** The same registration as it is now, or the problem that it is gone. */
  static Future<StoredRegistration> find(Registrations registrations, StoredRegistration before) {
    return registrations
        .find(before.registration().tenant(), before.uid())
        .map(FetchResource::existing);
  }

  private static StoredRegistration existing(Optional<StoredRegistration> found) {
    return found.orElseThrow(() -> Problem.notFound("there is no such registration").toException());
  }
}
