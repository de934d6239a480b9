package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;

/**
 * One request of the list that a background fetch is made of. Immutable. The gateway judges it when
 * it is registered; nothing is checked here.
 *
 * <pre>{@code
 * FetchRequest.of("https://example.com/ep-5.mp3")
 * FetchRequest.of("https://example.com/upload").withMethod("POST")
 *     .withHeader("content-type", "text/plain").withBody("text")
 * }</pre>
 */
public final class FetchRequest {
  private final ObjectNode json;

  private FetchRequest(ObjectNode json) {
    this.json = json;
  }

  /**
   * A GET of the URL.
   *
   * @param url absolute, or relative to {@link BackgroundFetchOptions#withBase}
   */
  public static FetchRequest of(String url) {
    return new FetchRequest(Json.object().put("url", url));
  }

  /**
   * A request as the HTTP API writes it: an object with any of its members, or a string that is a
   * URL.
   *
   * @param json one JSON value
   * @throws IllegalArgumentException when it is neither
   */
  public static FetchRequest ofJson(String json) {
    JsonNode tree = Json.parse(json);
    if (tree instanceof ObjectNode object) {
      return new FetchRequest(object);
    }
    if (tree.isTextual()) {
      return of(tree.textValue());
    }
    throw new IllegalArgumentException("neither a JSON object nor a string");
  }

  /** The same with this method. */
  public FetchRequest withMethod(String method) {
    return with("method", method);
  }

  /** The same with one more header; a name that is there already gets a further value. */
  public FetchRequest withHeader(String name, String value) {
    ObjectNode copy = json.deepCopy();
    ObjectNode headers = copy.withObjectProperty("headers");
    JsonNode present = headers.get(name);
    if (present == null) {
      headers.put(name, value);
    } else if (present instanceof ArrayNode values) {
      values.add(value);
    } else {
      headers.putArray(name).add(present).add(value);
    }
    return new FetchRequest(copy);
  }

  /** The same with this text, in UTF-8, as its body. */
  public FetchRequest withBody(String text) {
    FetchRequest request = with("body", text);
    request.json.remove("bodyBase64");
    return request;
  }

  /** The same with these bytes as its body. */
  public FetchRequest withBody(byte[] bytes) {
    FetchRequest request = with("bodyBase64", Base64.getEncoder().encodeToString(bytes));
    request.json.remove("body");
    return request;
  }

  /** The same, its body to be verified against this subresource integrity metadata. */
  public FetchRequest withIntegrity(String metadata) {
    return with("integrity", metadata);
  }

  /** The same with this redirect mode: {@code follow}, {@code error} or {@code manual}. */
  public FetchRequest withRedirect(String mode) {
    return with("redirect", mode);
  }

  private FetchRequest with(String member, String value) {
    return new FetchRequest(json.deepCopy().put(member, value));
  }

  ObjectNode json() {
    return json;
  }

  @Override
  public String toString() {
    return json.path("method").asText("GET") + " " + json.path("url").asText();
  }
}
