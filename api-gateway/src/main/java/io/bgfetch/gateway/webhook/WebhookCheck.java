package io.bgfetch.gateway.webhook;

import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.Members;
import io.bgfetch.gateway.registering.UrlCheck;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what clients say of webhooks. What is wrong is a TypeError that names the member. */
public final class WebhookCheck {

  private static final Set<String> NEW = Set.of("url", "events");
  private static final Set<String> CHANGE = Set.of("url", "events", "enabled", "rotateSecret");
  private static final List<String> EVENTS =
      Arrays.stream(News.Kind.values())
          .filter(kind -> kind != News.Kind.PROGRESS)
          .map(News.Kind::eventName)
          .toList();

  /** A backslash, {@code u} and four digits, at most, for each character, and the rest. */
  private static final int MOST_BYTES_OF_CHARACTER = 6;

  private static final int REST_BYTES = 4_096;

  private final UrlCheck urls;

  /**
   * A check.
   *
   * @param longestUrl in characters
   */
  public WebhookCheck(int longestUrl) {
    this.urls = new UrlCheck(longestUrl);
  }

  /** A webhook that is to be. */
  public record NewWebhook(String url, List<String> events) {}

  /**
   * What is to be different; what is null stays as it is.
   *
   * @param rotateSecret whether it is to get a new secret
   */
  public record Change(
      @Nullable String url,
      @Nullable List<String> events,
      @Nullable Boolean enabled,
      boolean rotateSecret) {}

  /** How long a body may be. */
  public int mostBytes() {
    return MOST_BYTES_OF_CHARACTER * urls.longest() + REST_BYTES;
  }

  /** Reads a new one. */
  public NewWebhook checkNew(Buffer json) {
    Members members = new Members(parsed(json), "", NEW);
    return new NewWebhook(
        required(members, "url", url(members)), required(members, "events", events(members)));
  }

  /** Reads a change. */
  public Change checkChange(Buffer json) {
    Members members = new Members(parsed(json), "", CHANGE);
    return new Change(
        url(members),
        events(members),
        members.flag("enabled").orElse(null),
        members.flag("rotateSecret").orElse(false));
  }

  private @Nullable String url(Members members) {
    return members.text("url").map(text -> urls.check(text, null).href()).orElse(null);
  }

  private static @Nullable List<String> events(Members members) {
    return members.list("events").map(list -> events(members, list)).orElse(null);
  }

  private static List<String> events(Members members, JsonArray list) {
    List<String> events = new ArrayList<>();
    for (Object one : list) {
      if (!(one instanceof String event) || !EVENTS.contains(event)) {
        throw members.wrong("events", "has something that is none of " + String.join(", ", EVENTS));
      }
      if (!events.contains(event)) {
        events.add(event);
      }
    }
    if (events.isEmpty()) {
      throw members.wrong("events", "is empty");
    }
    return events;
  }

  private static <T> T required(Members members, String name, @Nullable T value) {
    if (value == null) {
      throw members.wrong(name, "is missing");
    }
    return value;
  }

  private static JsonObject parsed(Buffer json) {
    try {
      return new JsonObject(json);
    } catch (DecodeException | ClassCastException notOne) {
      throw Problem.typeError("the body is not a JSON object").toException();
    }
  }
}
