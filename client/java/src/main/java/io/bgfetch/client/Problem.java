package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway says is wrong: a problem document (RFC 9457).
 *
 * <pre>{@code
 * try {
 *   registration.pause();
 * } catch (BgfetchException e) {
 *   Problem problem = e.problem();
 *   System.err.println(problem.status() + " " + problem.name() + ": " + problem.summary());
 * }
 * }</pre>
 *
 * @param status the HTTP status
 * @param name the exception that the browser API would throw ({@code TypeError}, {@code
 *     InvalidStateError} …), null where it has none
 * @param title the kind of problem in a few words
 * @param detail what is wrong this time, null when the title says it all
 * @param errors the offending requests of a refused list (the first 100), else empty
 */
public record Problem(
    int status,
    @Nullable String name,
    String title,
    @Nullable String detail,
    List<RequestError> errors) {

  /**
   * Why one request of a list was refused.
   *
   * <pre>{@code
   * try {
   *   manager.fetch("my-fetch", List.of(FetchRequest.of("https://example.com:25/")));
   * } catch (BgfetchException e) {
   *   for (Problem.RequestError error : e.problem().errors()) {
   *     System.err.println("request " + error.index() + ": " + error.detail());
   *   }
   * }
   * }</pre>
   *
   * @param index its place in the list, from 0
   * @param detail what is wrong with it
   */
  public record RequestError(long index, String detail) {}

  /** The one sentence that says most. */
  public String summary() {
    return detail == null ? title : detail;
  }

  static Problem of(int status, JsonNode document) {
    List<RequestError> errors = new ArrayList<>();
    for (JsonNode error : document.path("errors")) {
      errors.add(
          new RequestError(error.path("index").asLong(), error.path("detail").asText("refused")));
    }
    return new Problem(
        status,
        Json.textOrNull(document, "name"),
        document.path("title").asText("HTTP " + status),
        Json.textOrNull(document, "detail"),
        List.copyOf(errors));
  }
}
