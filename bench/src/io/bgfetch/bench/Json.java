package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** JSON (RFC 8259) as maps, lists, strings, numbers, booleans and null, for what this needs. */
final class Json {

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.blank();
    if (json.at < text.length()) {
      throw json.wrong("more than one value");
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  static Map<String, Object> parseObject(String text) {
    return object(parse(text));
  }

  // ---- reading

  private Object value() {
    blank();
    return switch (peek()) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    if (next('}')) {
      return members;
    }
    do {
      blank();
      String name = string();
      expect(':');
      members.put(name, value());
    } while (next(','));
    expect('}');
    return members;
  }

  private List<Object> elements() {
    List<Object> elements = new ArrayList<>();
    at++;
    if (next(']')) {
      return elements;
    }
    do {
      elements.add(value());
    } while (next(','));
    expect(']');
    return elements;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    for (char c = take(); c != '"'; c = take()) {
      string.append(c == '\\' ? escaped() : c);
    }
    return string.toString();
  }

  private char escaped() {
    char c = take();
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> c;
    };
  }

  private Object number() {
    int begin = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at == begin) {
      throw wrong("a value was expected");
    }
    return Double.valueOf(text.substring(begin, at));
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("a value was expected");
    }
    at += word.length();
    return value;
  }

  private void blank() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private char peek() {
    if (at == text.length()) {
      throw wrong("it ends too early");
    }
    return text.charAt(at);
  }

  private char take() {
    char c = peek();
    at++;
    return c;
  }

  private boolean next(char wanted) {
    blank();
    boolean there = peek() == wanted;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char wanted) {
    blank();
    if (take() != wanted) {
      at--;
      throw wrong("'" + wanted + "' was expected");
    }
  }

  private IllegalArgumentException wrong(String what) {
    int end = Math.min(text.length(), at + 40);
    return new IllegalArgumentException(
        "not JSON: " + what + " at " + at + ": " + text.substring(Math.min(at, end), end));
  }

  // ---- writing

  /** Indented, except for lists of numbers, which stand on one line. */
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.append('\n').toString();
  }

  private static void write(Object value, String newline, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> members -> writeMembers(members, newline, out);
      case List<?> elements -> writeElements(elements, newline, out);
      case String string -> quote(string, out);
      case Double number -> out.append(written(number));
      default -> out.append(value);
    }
  }

  private static void writeMembers(Map<?, ?> members, String newline, StringBuilder out) {
    String deeper = newline + "  ";
    String between = "{" + deeper;
    for (Map.Entry<?, ?> member : members.entrySet()) {
      out.append(between);
      quote(member.getKey().toString(), out);
      out.append(": ");
      write(member.getValue(), deeper, out);
      between = "," + deeper;
    }
    out.append(members.isEmpty() ? "{}" : newline + "}");
  }

  private static void writeElements(List<?> elements, String newline, StringBuilder out) {
    boolean flat = elements.stream().allMatch(Number.class::isInstance);
    String deeper = flat ? " " : newline + "  ";
    String between = flat ? "[" : "[" + deeper;
    for (Object element : elements) {
      out.append(between);
      write(element, deeper, out);
      between = "," + deeper;
    }
    out.append(elements.isEmpty() ? "[]" : flat ? "]" : newline + "]");
  }

  /** Not more than three digits after the point: more is noise. */
  private static String written(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return "null";
    }
    return number == Math.rint(number)
        ? String.valueOf((long) number)
        : String.format(Locale.ROOT, "%.3f", number);
  }

  static String quote(String string) {
    StringBuilder out = new StringBuilder();
    quote(string, out);
    return out.toString();
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (char c : string.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
