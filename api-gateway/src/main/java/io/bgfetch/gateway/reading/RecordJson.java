package io.bgfetch.gateway.reading;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.seal.SecretHeaders;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A record as JSON. Values of headers that carry secrets are never shown. */
public final class RecordJson {

  private static final String REDACTED = "[redacted]";

  private final SecretHeaders secret;

  public RecordJson(SecretHeaders secret) {
    this.secret = secret;
  }

  public JsonObject of(StoredRecord record) {
    return new JsonObject()
        .put("index", record.index())
        .put("request", request(record))
        .put("result", record.result().wireName())
        .put("error", record.error())
        .put("attempts", record.attempts())
        .put("downloaded", record.downloaded())
        .put("response", response(record));
  }

  private JsonObject request(StoredRecord record) {
    JsonObject headers = headers(record.headers());
    record.sealedHeaders().keySet().forEach(name -> headers.put(name, REDACTED));
    return new JsonObject()
        .put("url", RecordQuery.withoutFragment(record.url()))
        .put("method", record.method())
        .put("headers", headers)
        .put("bodySize", record.requestBodySize());
  }

  private @Nullable JsonObject response(StoredRecord record) {
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

  private JsonObject headers(Map<String, String> headers) {
    JsonObject json = new JsonObject();
    new TreeMap<>(headers)
        .forEach((name, value) -> json.put(name, secret.contains(name) ? REDACTED : value));
    return json;
  }
}
