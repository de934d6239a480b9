package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * The request of a record, as the service shows it.
 *
 * <pre>{@code
 * String asked = record.request().method() + " " + record.request().url();
 * }</pre>
 *
 * @param url absolute, without fragment
 * @param method normalized
 * @param headers its headers; values that carry secrets read {@code [redacted]}
 * @param bodySize bytes of its body
 */
public record RecordRequest(String url, String method, Map<String, String> headers, long bodySize) {
  static RecordRequest of(JsonNode json) {
    return new RecordRequest(
        json.path("url").asText(),
        json.path("method").asText("GET"),
        Json.strings(json.path("headers")),
        json.path("bodySize").asLong());
  }
}
