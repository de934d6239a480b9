package io.bgfetch.gateway.webhook;

import io.bgfetch.gateway.news.RegistrationJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Webhooks and their deliveries as answers show them. */
public final class WebhookJson {

  private WebhookJson() {}

  /** A webhook; with its secret only where that is to be told. */
  public static JsonObject of(Webhooks.Told told) {
    JsonObject json = of(told.webhook());
    return told.secret() == null ? json : json.put("secret", told.secret());
  }

  /** A webhook without its secret. */
  public static JsonObject of(Webhook webhook) {
    return new JsonObject()
        .put("id", webhook.id().toString())
        .put("url", webhook.url())
        .put("events", new JsonArray(webhook.events()))
        .put("enabled", webhook.enabled())
        .put("disabledReason", webhook.disabled())
        .put("previousSecretUntil", RegistrationJson.time(webhook.previousUntil()))
        .put("createdAt", RegistrationJson.time(webhook.createdAt()))
        .put("updatedAt", RegistrationJson.time(webhook.updatedAt()));
  }

  public static JsonObject of(LoggedDelivery delivery) {
    return new JsonObject()
        .put("id", delivery.id().toString())
        .put("eventId", delivery.eventId())
        .put("type", delivery.type())
        .put("timestamp", RegistrationJson.time(delivery.occurredAt()))
        .put("state", delivery.state())
        .put("attempts", delivery.attempts())
        .put("createdAt", RegistrationJson.time(delivery.createdAt()))
        .put("nextAttemptAt", RegistrationJson.time(delivery.nextAttemptAt()))
        .put("lastAttempt", of(delivery.lastAttempt()))
        .put("error", delivery.error());
  }

  private static @Nullable JsonObject of(LoggedDelivery.@Nullable LastAttempt last) {
    return last == null
        ? null
        : new JsonObject()
            .put("at", RegistrationJson.time(last.at()))
            .put("durationMillis", last.tookMillis())
            .put("status", last.status());
  }
}
