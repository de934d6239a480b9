package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A header value with parameters, such as a media type (RFC 9110, section 5.6.6) or a content
 * disposition (RFC 6266).
 *
 * @param type what stands before the parameters, in lower case
 * @param parameters by their names in lower case, quotation marks undone
 */
public record HeaderValue(String type, Map<String, String> parameters) {

  public HeaderValue {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a value.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException of status 400 if it is malformed
   */
  public static HeaderValue parse(String text) {
    int end = text.indexOf(';');
    String type = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return new HeaderValue(type, end < 0 ? Map.of() : new Parser(text, end).parameters());
  }

  private static final class Parser {

    private final String text;
    private int at;

    Parser(String text, int at) {
      this.text = text;
      this.at = at;
    }

    Map<String, String> parameters() {
      Map<String, String> parameters = new HashMap<>();
      while (at < text.length()) {
        at++; // the semicolon
        String name = until("=;").strip().toLowerCase(Locale.ROOT);
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          if (parameters.put(name, value()) != null) {
            throw malformed();
          }
        } else if (!name.isEmpty()) {
          throw malformed();
        }
      }
      return parameters;
    }

    private String value() {
      while (at < text.length() && isBlank(text.charAt(at))) {
        at++;
      }
      if (at >= text.length() || text.charAt(at) != '"') {
        return until(";").strip();
      }
      at++;
      String value = quoted();
      if (!until(";").isBlank()) {
        throw malformed();
      }
      return value;
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        boolean escaped = c == '\\' && at + 1 < text.length();
        value.append(escaped ? text.charAt(++at) : c);
      }
      throw malformed();
    }

    private String until(String ends) {
      int start = at;
      while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }

    private static RuntimeException malformed() {
      return Problem.badRequest("a header's parameters are malformed").toException();
    }
  }
}
