package io.bgfetch.gateway.reading;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.SealedHeader;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.database.StoredRegistration;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One record: a request and what is known of its response.
 *
 * @param url of the request, serialized, with its fragment if it had one
 * @param headers of the request, by lower-case names
 * @param sealedHeaders those of the request that carry secrets
 * @param error one line for people, null where there is none
 * @param attempts all of them, also those that were lost
 * @param response null until its head is known
 * @param bodySize of the response, null until it is complete
 * @param digest SHA-256 of the whole body in base64, null until it is complete
 */
public record StoredRecord(
    int index,
    String url,
    String method,
    Map<String, String> headers,
    Map<String, SealedHeader> sealedHeaders,
    long requestBodySize,
    FetchResult result,
    @Nullable String error,
    int attempts,
    long downloaded,
    @Nullable RecordResponse response,
    @Nullable Long bodySize,
    @Nullable String digest) {

  /** The record in a row of the statements here, of this registration. */
  static StoredRecord of(Row row, StoredRegistration registration) {
    String result = row.getString("result");
    return result == null
        ? withoutOutcome(row, registration)
        : new StoredRecord(
            row.getInteger("index"),
            row.getString("url"),
            row.getString("method"),
            headers(row),
            sealedHeaders(row),
            row.getLong("request_body_size"),
            FetchResult.ofWireName(result).orElseThrow(),
            row.getString("error"),
            row.getInteger("attempts"),
            row.getLong("downloaded"),
            RecordColumns.response(row.getJsonObject("response")),
            row.getLong("body_size"),
            row.getString("digest"));
  }

  /** Waiting or under way; aborted where the registration has ended without it. */
  private static StoredRecord withoutOutcome(Row row, StoredRegistration registration) {
    boolean active = registration.active();
    int index = row.getInteger("index");
    return new StoredRecord(
        index,
        row.getString("url"),
        row.getString("method"),
        headers(row),
        sealedHeaders(row),
        row.getLong("request_body_size"),
        active ? FetchResult.NONE : FetchResult.ABORTED,
        null,
        attempts(row, index < registration.dispatched()),
        Objects.requireNonNullElse(row.getLong("downloading"), 0L),
        active ? RecordColumns.response(row.getJsonObject("arriving")) : null,
        null,
        null);
  }

  /** A first attempt that nothing is to be said of yet has no row of its own. */
  private static int attempts(Row row, boolean released) {
    Integer latest = row.getInteger("latest_attempt");
    return latest == null ? (released ? 1 : 0) : latest;
  }

  private static Map<String, SealedHeader> sealedHeaders(Row row) {
    JsonObject json = row.getJsonObject("sealed_headers");
    return json == null ? Map.of() : RecordColumns.sealedHeaders(json);
  }

  private static Map<String, String> headers(Row row) {
    JsonObject json = row.getJsonObject("headers");
    Map<String, String> headers = new TreeMap<>();
    if (json != null) {
      json.forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
    }
    return headers;
  }
}
