package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.RecordQuery;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what records are asked for, out of a body that the contract has validated. */
final class QueryReading {

  private QueryReading() {}

  /**
   * The query in a body that has one.
   *
   * @param base what a relative URL is relative to
   */
  static RecordQuery of(JsonObject body, @Nullable String base) {
    JsonObject options = body.getJsonObject("options", new JsonObject());
    Object request = body.getValue("request");
    JsonObject object =
        request instanceof JsonObject one ? one : new JsonObject().put("url", request);
    return new RecordQuery(
        url(object.getString("url"), base),
        headers(object.getJsonObject("headers", new JsonObject())),
        options.getBoolean("ignoreSearch", false),
        options.getBoolean("ignoreMethod", false),
        options.getBoolean("ignoreVary", false));
  }

  private static WebUrl url(String text, @Nullable String base) {
    try {
      return WebUrl.parse(text, base == null ? null : WebUrl.parse(base));
    } catch (WebUrlException notOne) {
      throw Problem.typeError("request: " + notOne.getMessage()).toException();
    }
  }

  /** As they are stored: names in lower case, values of one name joined. */
  private static Map<String, String> headers(JsonObject given) {
    Map<String, String> headers = new HashMap<>();
    for (String name : given.fieldNames()) {
      Object value = given.getValue(name);
      for (Object one : value instanceof JsonArray list ? list : JsonArray.of(value)) {
        headers.merge(
            name.toLowerCase(Locale.ROOT),
            stripped((String) one),
            (first, next) -> first + ", " + next);
      }
    }
    return headers;
  }

  /** Without the white space of the Fetch standard at both ends ("normalize"). */
  private static String stripped(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && isWhiteSpace(value.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isWhiteSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
