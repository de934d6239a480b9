package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks the headers of a request: names in lower case, values of one name joined. */
final class HeaderCheck {

  /** These belong to the connection, or to how we fetch. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "range");

  private static final String MEMBER = "headers";
  private static final int LINE_OVERHEAD = 4;

  private final int mostBytes;

  HeaderCheck(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  Map<String, String> check(Members request) {
    JsonObject given = request.object(MEMBER).orElseGet(JsonObject::new);
    Map<String, String> headers = new TreeMap<>();
    for (String name : given.fieldNames()) {
      String lower = name(request, name);
      for (Object value : values(given.getValue(name))) {
        headers.merge(lower, value(request, lower, value), (one, next) -> one + ", " + next);
      }
    }
    if (bytes(headers) > mostBytes) {
      throw Problem.tooLarge("headers: more than " + mostBytes + " bytes").toException();
    }
    return headers;
  }

  private static String name(Members request, String name) {
    if (!Tokens.isToken(name)) {
      throw request.wrong(MEMBER, "a name is not valid");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (FORBIDDEN.contains(lower)) {
      throw request.wrong(MEMBER, lower + " belongs to the connection");
    }
    return lower;
  }

  private static Iterable<Object> values(Object value) {
    return value instanceof JsonArray list ? list : JsonArray.of(value);
  }

  private static String value(Members request, String name, Object given) {
    if (!(given instanceof String text)) {
      throw request.wrong(MEMBER, name + " is not a string or a list of strings");
    }
    String value = stripped(text);
    if (!value.chars().allMatch(HeaderCheck::maySend)) {
      throw request.wrong(MEMBER, "the value of " + name + " is not valid");
    }
    return value;
  }

  /**
   * What stands in a header value on the wire (RFC 9110, section 5.5). Fetch lets more control
   * characters pass, which no server takes.
   */
  private static boolean maySend(int c) {
    return c == '\t' || (c >= ' ' && c <= 0xFF && c != 0x7F);
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

  private static int bytes(Map<String, String> headers) {
    return headers.entrySet().stream()
        .mapToInt(header -> header.getKey().length() + header.getValue().length() + LINE_OVERHEAD)
        .sum();
  }
}
