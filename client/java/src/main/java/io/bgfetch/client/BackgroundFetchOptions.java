package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a background fetch is shown and performed. Immutable; {@link #none()} leaves everything to
 * the gateway.
 *
 * <pre>{@code
 * BackgroundFetchOptions options = BackgroundFetchOptions.none()
 *     .withTitle("Episode 5")
 *     .withDownloadTotal(60L << 20)
 *     .withIcon("/ep-5-icon.png", "300x300", "image/png")
 *     .withRetryStatuses(429, 503);
 * }</pre>
 */
public final class BackgroundFetchOptions {
  private static final BackgroundFetchOptions NONE =
      new BackgroundFetchOptions(null, null, Json.object());

  private final @Nullable URI base;
  private final @Nullable String key;
  private final ObjectNode json;

  private BackgroundFetchOptions(@Nullable URI base, @Nullable String key, ObjectNode json) {
    this.base = base;
    this.key = key;
    this.json = json;
  }

  /** Every option at its default. */
  public static BackgroundFetchOptions none() {
    return NONE;
  }

  /** The same with this URL as the one that relative URLs are resolved against. */
  public BackgroundFetchOptions withBase(URI newBase) {
    return new BackgroundFetchOptions(newBase, key, json);
  }

  /** The same with this title, as shown to people. */
  public BackgroundFetchOptions withTitle(String title) {
    ObjectNode copy = json.deepCopy();
    return new BackgroundFetchOptions(base, key, copy.put("title", title));
  }

  /**
   * The same with one more icon.
   *
   * @param src its URL
   * @param sizes as in HTML, for example {@code 300x300}
   * @param type its media type
   */
  public BackgroundFetchOptions withIcon(String src, String sizes, String type) {
    return withIcons(List.of(new Icon(src, sizes, type)));
  }

  /** The same with these icons more. */
  public BackgroundFetchOptions withIcons(List<Icon> icons) {
    ObjectNode copy = json.deepCopy();
    ArrayNode array = copy.withArrayProperty("icons");
    icons.forEach(icon -> icon.addTo(array));
    return new BackgroundFetchOptions(base, key, copy);
  }

  /** The same with the most bytes that all bodies together may have; 0: no limit. */
  public BackgroundFetchOptions withDownloadTotal(long bytes) {
    ObjectNode copy = json.deepCopy();
    return new BackgroundFetchOptions(base, key, copy.put("downloadTotal", bytes));
  }

  /** The same with at most this many attempts per request, the first included. */
  public BackgroundFetchOptions withRetryLimit(int attempts) {
    ObjectNode copy = json.deepCopy();
    copy.withObjectProperty("retry").put("limit", attempts);
    return new BackgroundFetchOptions(base, key, copy);
  }

  /** The same, trying again also after answers of these statuses, for example 429 and 503. */
  public BackgroundFetchOptions withRetryStatuses(int... statuses) {
    ObjectNode copy = json.deepCopy();
    var array = copy.withObjectProperty("retry").putArray("statuses");
    for (int status : statuses) {
      array.add(status);
    }
    return new BackgroundFetchOptions(base, key, copy);
  }

  /** The same, allowing requests of every method, POST too, to be sent more than once. */
  public BackgroundFetchOptions withUnsafeRetry() {
    ObjectNode copy = json.deepCopy();
    copy.withObjectProperty("retry").put("unsafe", true);
    return new BackgroundFetchOptions(base, key, copy);
  }

  /** The same with this longest time for a connection to an origin to be made. */
  public BackgroundFetchOptions withConnectTimeout(Duration timeout) {
    return withTimeout("connect", timeout);
  }

  /** The same with this longest time from a request to the head of its response. */
  public BackgroundFetchOptions withFirstByteTimeout(Duration timeout) {
    return withTimeout("firstByte", timeout);
  }

  /** The same with this longest silence in a body. */
  public BackgroundFetchOptions withIdleTimeout(Duration timeout) {
    return withTimeout("idle", timeout);
  }

  /** The same with this longest time per request, waiting and pauses not counted. */
  public BackgroundFetchOptions withTotalTimeout(Duration timeout) {
    return withTimeout("total", timeout);
  }

  private BackgroundFetchOptions withTimeout(String name, Duration timeout) {
    ObjectNode copy = json.deepCopy();
    copy.withObjectProperty("timeouts").put(name, timeout.toMillis() + "ms");
    return new BackgroundFetchOptions(base, key, copy);
  }

  /** The same with this time for which records stay readable after the end. */
  public BackgroundFetchOptions withRetention(Duration retention) {
    ObjectNode copy = json.deepCopy();
    return new BackgroundFetchOptions(
        base, key, copy.put("retentionSeconds", retention.toSeconds()));
  }

  /**
   * The same with this {@code Idempotency-Key}, 1 to 255 visible ASCII characters: registering with
   * a key that was used in the last 24 h answers with the registration that was made then, even if
   * it was made by another process. Each {@code fetch} has a key of its own unless it is given one.
   */
  public BackgroundFetchOptions withIdempotencyKey(String newKey) {
    return new BackgroundFetchOptions(base, newKey, json);
  }

  String idempotencyKey() {
    return key == null ? UUID.randomUUID().toString() : key;
  }

  /** The registration without its requests, as the first line of a bulk registration. */
  ObjectNode head(String id) {
    ObjectNode head = Json.object().put("id", id);
    if (base != null) {
      head.put("base", base.toString());
    }
    if (!json.isEmpty()) {
      head.set("options", json);
    }
    return head;
  }
}
