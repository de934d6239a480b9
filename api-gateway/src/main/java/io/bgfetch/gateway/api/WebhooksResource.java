package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.webhook.Webhook;
import io.bgfetch.gateway.webhook.WebhookCheck;
import io.bgfetch.gateway.webhook.WebhookJson;
import io.bgfetch.gateway.webhook.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /v1/webhooks} and what is below it. */
final class WebhooksResource {

  private static final String JSON = "application/json";
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Webhooks webhooks;
  private final WebhookCheck check;
  private final IncomingBodies bodies;

  WebhooksResource(Webhooks webhooks, WebhookCheck check, IncomingBodies bodies) {
    this.webhooks = webhooks;
    this.check = check;
    this.bodies = bodies;
  }

  void create(RoutingContext rc) {
    Answers.within(
            body(rc).map(check::checkNew).compose(asked -> webhooks.create(Tenant.of(rc), asked)))
        .onSuccess(made -> created(rc, made))
        .onFailure(rc::fail);
  }

  private static void created(RoutingContext rc, Webhooks.Told made) {
    rc.response()
        .putHeader(HttpHeaders.LOCATION, "/v1/webhooks/" + made.webhook().id())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Answers.json(rc, 201, WebhookJson.of(made));
  }

  Future<JsonObject> list(RoutingContext rc) {
    Parameters parameters = Parameters.of(rc);
    int limit = parameters.limit();
    UUID older = parameters.cursor().map(Cursor::webhook).orElse(Registrations.NEWEST);
    return webhooks
        .list(parameters.tenant(), older, limit + 1)
        .map(
            found ->
                page(
                    "webhooks",
                    found,
                    limit,
                    WebhookJson::of,
                    last -> Cursor.ofWebhook(last.id())));
  }

  Future<JsonObject> get(RoutingContext rc) {
    return find(rc).map(WebhookJson::of);
  }

  Future<JsonObject> change(RoutingContext rc) {
    rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return body(rc)
        .map(check::checkChange)
        .compose(change -> webhooks.change(Tenant.of(rc), webhookId(rc), change))
        .map(WebhookJson::of);
  }

  /** What is not there is as deleted as it can be. */
  void delete(RoutingContext rc) {
    UUID id = idOrNull(rc, "webhook");
    Answers.within(id == null ? Future.<Void>succeededFuture() : webhooks.delete(Tenant.of(rc), id))
        .onSuccess(deleted -> Answers.empty(rc, 204))
        .onFailure(rc::fail);
  }

  Future<JsonObject> deliveries(RoutingContext rc) {
    Parameters parameters = Parameters.of(rc);
    int limit = parameters.limit();
    UUID older = parameters.cursor().map(Cursor::delivery).orElse(Registrations.NEWEST);
    String state = parameters.query("state").orElse(null);
    return find(rc)
        .compose(
            webhook ->
                webhooks.deliveries(parameters.tenant(), webhook.id(), state, older, limit + 1))
        .map(
            found ->
                page(
                    "deliveries",
                    found,
                    limit,
                    WebhookJson::of,
                    last -> Cursor.ofDelivery(last.id())));
  }

  void sendAgain(RoutingContext rc) {
    Answers.within(
            find(rc)
                .map(WebhooksResource::enabled)
                .compose(
                    webhook -> webhooks.sendAgain(Tenant.of(rc), webhook.id(), deliveryId(rc))))
        .onSuccess(delivery -> Answers.json(rc, 202, WebhookJson.of(delivery)))
        .onFailure(rc::fail);
  }

  private static Webhook enabled(Webhook webhook) {
    if (!webhook.enabled()) {
      throw Problem.invalidState("the webhook is disabled").toException();
    }
    return webhook;
  }

  /** One more than the page holds was asked for: it tells whether there is a next page. */
  private static <T> JsonObject page(
      String name,
      List<T> found,
      int limit,
      Function<T, JsonObject> json,
      Function<T, String> cursor) {
    List<T> page = found.subList(0, Math.min(limit, found.size()));
    String next = found.size() > limit ? cursor.apply(page.getLast()) : null;
    return new JsonObject()
        .put(name, new JsonArray(page.stream().map(json).toList()))
        .put("next", next);
  }

  private Future<Buffer> body(RoutingContext rc) {
    if (!Answers.mediaType(rc).equals(JSON)) {
      throw Problem.unsupportedMediaType("the body is " + JSON).toException();
    }
    return bodies.whole(rc, check.mostBytes());
  }

  private Future<Webhook> find(RoutingContext rc) {
    return webhooks.find(Tenant.of(rc), webhookId(rc));
  }

  private static UUID webhookId(RoutingContext rc) {
    UUID id = idOrNull(rc, "webhook");
    if (id == null) {
      throw Problem.notFound("there is no such webhook").toException();
    }
    return id;
  }

  private static UUID deliveryId(RoutingContext rc) {
    UUID id = idOrNull(rc, "delivery");
    if (id == null) {
      throw Problem.notFound("there is no such delivery").toException();
    }
    return id;
  }

  private static @Nullable UUID idOrNull(RoutingContext rc, String parameter) {
    String text = rc.pathParam(parameter);
    return text != null && ID.matcher(text).matches()
        ? UUID.fromString(text.toLowerCase(Locale.ROOT))
        : null;
  }
}
