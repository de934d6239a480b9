package io.bgfetch.gateway.reading;

import io.bgfetch.fetch.RecordResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A record as JSON. Values of headers that carry secrets are never shown. */
public final class RecordJson {

  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");
  private static final String REDACTED = "[redacted]";

  private RecordJson() {}

  public static JsonObject of(StoredRecord record) {
    return new JsonObject()
        .put("index", record.index())
        .put("request", request(record))
        .put("result", record.result().wireName())
        .put("error", record.error())
        .put("attempts", record.attempts())
        .put("downloaded", record.downloaded())
        .put("response", response(record));
  }

  private static JsonObject request(StoredRecord record) {
    return new JsonObject()
        .put("url", RecordQuery.withoutFragment(record.url()))
        .put("method", record.method())
        .put("headers", headers(record.headers()))
        .put("bodySize", record.requestBodySize());
  }

  private static @Nullable JsonObject response(StoredRecord record) {
    RecordResponse response = record.response();
    if (response == null) {
      return null;
    }
    String digest = record.digest();
    return new JsonObject()
        .put("url", response.url())
        .put("redirected", response.redirected())
        .put("status", response.status())
        .put("statusText", response.statusText())
        .put("headers", headers(response.headers()))
        .put("bodySize", record.bodySize())
        .put("digest", digest == null ? null : "sha-256=:" + digest + ":");
  }

  private static JsonObject headers(Map<String, String> headers) {
    JsonObject json = new JsonObject();
    new TreeMap<>(headers)
        .forEach((name, value) -> json.put(name, SECRET.contains(name) ? REDACTED : value));
    return json;
  }
}
