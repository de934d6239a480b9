package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One request of the list that a background fetch is made of. Immutable. The gateway judges it when
 * it is registered; nothing is checked here.
 *
 * <pre>{@code
 * List<FetchRequest> requests = List.of(
 *     FetchRequest.of("https://example.com/ep-5.mp3").withIntegrity("sha384-oqVuAfXRKap7fdgcCY5u"),
 *     FetchRequest.of("https://example.com/note").withMethod("POST")
 *         .withHeader("content-type", "text/plain").withBody("text"),
 *     FetchRequest.of("https://example.com/backup").withMethod("PUT")
 *         .withBody(Path.of("backup.tar")));
 * }</pre>
 */
public final class FetchRequest {
  private final ObjectNode json;
  private final @Nullable BodySource bodySource;

  private FetchRequest(ObjectNode json) {
    this(json, null);
  }

  private FetchRequest(ObjectNode json, @Nullable BodySource bodySource) {
    this.json = json;
    this.bodySource = bodySource;
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
    return new FetchRequest(copy, bodySource);
  }

  /** The same with this text, in UTF-8, as its body. */
  public FetchRequest withBody(String text) {
    return new FetchRequest(withoutBody().put("body", text));
  }

  /** The same with these bytes as its body. */
  public FetchRequest withBody(byte[] bytes) {
    String coded = Base64.getEncoder().encodeToString(bytes);
    return new FetchRequest(withoutBody().put("bodyBase64", coded));
  }

  /**
   * The same with the content of this file as its body: of any size, read when it is sent. It must
   * not change until then. Requests whose bodies are streamed are registered as a {@link
   * java.util.Collection}.
   */
  public FetchRequest withBody(Path file) {
    return withBody(() -> Files.newInputStream(file));
  }

  /** As {@link #withBody(Path)}, with a body from elsewhere. */
  public FetchRequest withBody(BodySource source) {
    return new FetchRequest(withoutBody(), source);
  }

  private ObjectNode withoutBody() {
    ObjectNode copy = json.deepCopy();
    copy.remove("body");
    copy.remove("bodyBase64");
    return copy;
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
    return new FetchRequest(json.deepCopy().put(member, value), bodySource);
  }

  /** The request, but for a body that is streamed. */
  ObjectNode json() {
    return json;
  }

  /** The body that is streamed; null where there is none, or where it is in the JSON. */
  @Nullable BodySource bodySource() {
    return bodySource;
  }

  /**
   * The whole request.
   *
   * @throws IllegalArgumentException when its body is streamed
   */
  ObjectNode inline() {
    if (bodySource != null) {
      throw new IllegalArgumentException(
          this + " has a body that is streamed: its list has to be a Collection");
    }
    return json;
  }

  @Override
  public String toString() {
    return json.path("method").asText("GET") + " " + json.path("url").asText();
  }
}
