package io.bgfetch.gateway.database;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.SealedHeader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How requests, responses and bodies stand in the columns of the record tables. */
public final class RecordColumns {

  private RecordColumns() {}

  /** The request in a row that has all columns of the table {@code request}. */
  public static FetchRequest request(Row row) {
    JsonObject headers = row.getJsonObject("headers");
    JsonObject sealed = row.getJsonObject("sealed_headers");
    return new FetchRequest(
        row.getString("url"),
        row.getString("method"),
        headers == null ? Map.of() : strings(headers),
        sealed == null ? Map.of() : sealedHeaders(sealed),
        body(row.getBuffer("body_inline"), row.getJsonArray("body_segments")),
        RedirectMode.ofWireName(row.getString("redirect")).orElseThrow(),
        row.getString("integrity"));
  }

  /** Sealed headers as JSON text; null for none. */
  public static @Nullable String sealedHeaders(Map<String, SealedHeader> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    JsonObject json = new JsonObject();
    headers.forEach(
        (name, header) ->
            json.put(
                name, new JsonObject().put("sealed", header.sealed()).put("mac", header.mac())));
    return json.encode();
  }

  public static Map<String, SealedHeader> sealedHeaders(JsonObject json) {
    Map<String, SealedHeader> headers = new HashMap<>();
    for (String name : json.fieldNames()) {
      JsonObject header = json.getJsonObject(name);
      headers.put(name, new SealedHeader(header.getString("sealed"), header.getString("mac")));
    }
    return headers;
  }

  /** A body from its two columns, of which at most one is set; null where none is. */
  public static @Nullable StoredBody body(@Nullable Buffer inline, @Nullable JsonArray segments) {
    if (inline != null) {
      return new StoredBody.Inline(inline.getBytes());
    }
    return segments == null ? null : segments(segments);
  }

  /** The bytes of an inline body; null for any other. */
  public static @Nullable Buffer inline(@Nullable StoredBody body) {
    return body instanceof StoredBody.Inline small ? Buffer.buffer(small.bytes()) : null;
  }

  /** The manifest of a body in segments, as JSON text; null for any other. */
  public static @Nullable String segments(@Nullable StoredBody body) {
    return body instanceof StoredBody.Segments large ? json(large).encode() : null;
  }

  public static StoredBody.Segments segments(JsonArray json) {
    List<Segment> segments =
        json.stream()
            .map(JsonObject.class::cast)
            .map(segment -> new Segment(segment.getString("key"), segment.getLong("size")))
            .toList();
    return new StoredBody.Segments(segments);
  }

  /** A response head as JSON text; null for none. */
  public static @Nullable String response(@Nullable RecordResponse response) {
    if (response == null) {
      return null;
    }
    JsonObject headers = new JsonObject();
    response.headers().forEach(headers::put);
    return new JsonObject()
        .put("url", response.url())
        .put("redirected", response.redirected())
        .put("status", response.status())
        .put("statusText", response.statusText())
        .put("headers", headers)
        .put("length", response.length())
        .encode();
  }

  public static @Nullable RecordResponse response(@Nullable JsonObject json) {
    return json == null
        ? null
        : new RecordResponse(
            json.getString("url"),
            json.getBoolean("redirected"),
            json.getInteger("status"),
            json.getString("statusText"),
            strings(json.getJsonObject("headers")),
            json.getLong("length"));
  }

  private static JsonArray json(StoredBody.Segments body) {
    JsonArray array = new JsonArray();
    for (Segment segment : body.segments()) {
      array.add(new JsonObject().put("key", segment.key()).put("size", segment.size()));
    }
    return array;
  }

  private static Map<String, String> strings(JsonObject json) {
    Map<String, String> strings = new HashMap<>();
    json.forEach(entry -> strings.put(entry.getKey(), (String) entry.getValue()));
    return strings;
  }
}
