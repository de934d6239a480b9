package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a record's response.
 *
 * <pre>{@code
 * RecordResponse response = record.responseReady().get(1, TimeUnit.MINUTES);
 * System.out.println(response.status() + " " + response.headers().get("content-type"));
 * }</pre>
 *
 * @param url where the response came from, after redirects
 * @param redirected whether there were any
 * @param status the HTTP status
 * @param statusText the reason phrase, often empty
 * @param headers names in lower case, values of one name joined by {@code ", "}
 * @param bodySize bytes of the body, null until it is complete
 * @param digest {@code sha-256=:…:} of the body (RFC 9530), null until it is complete
 */
public record RecordResponse(
    String url,
    boolean redirected,
    int status,
    String statusText,
    Map<String, String> headers,
    @Nullable Long bodySize,
    @Nullable String digest) {
  static RecordResponse of(JsonNode json) {
    return new RecordResponse(
        json.path("url").asText(),
        json.path("redirected").asBoolean(),
        json.path("status").asInt(),
        json.path("statusText").asText(),
        Json.strings(json.path("headers")),
        Json.longOrNull(json, "bodySize"),
        Json.textOrNull(json, "digest"));
  }
}
