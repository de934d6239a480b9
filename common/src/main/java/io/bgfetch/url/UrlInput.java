package io.bgfetch.url;

/**
 * The text that a URL is parsed from, without the white space that the standard ignores, and how
 * far the parser has read it (URL standard, section 4.4: "input" and "pointer").
 */
final class UrlInput {

  /** What {@link #at} answers behind the end: the standard's EOF code point. */
  static final int END = -1;

  private final String text;
  private int position;

  UrlInput(String given) {
    text = withoutTabsAndNewlines(stripped(given));
  }

  private static String stripped(String given) {
    int from = 0;
    int to = given.length();
    while (from < to && given.charAt(from) <= ' ') {
      from++;
    }
    while (from < to && given.charAt(to - 1) <= ' ') {
      to--;
    }
    return given.substring(from, to);
  }

  private static String withoutTabsAndNewlines(String given) {
    for (int i = 0; i < given.length(); i++) {
      if (isTabOrNewline(given.charAt(i))) {
        return removeTabsAndNewlines(given);
      }
    }
    return given;
  }

  private static String removeTabsAndNewlines(String given) {
    StringBuilder kept = new StringBuilder(given.length());
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      if (!isTabOrNewline(c)) {
        kept.append(c);
      }
    }
    return kept.toString();
  }

  private static boolean isTabOrNewline(char c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  String text() {
    return text;
  }

  int length() {
    return text.length();
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  void skip(int characters) {
    position += characters;
  }

  boolean atEnd() {
    return position >= text.length();
  }

  /** The character where the parser stands. */
  int current() {
    return at(position);
  }

  int at(int index) {
    return index < text.length() ? text.charAt(index) : END;
  }

  boolean startsWith(String prefix) {
    return text.startsWith(prefix, position);
  }

  /** The end of the authority or the path segment that starts here. */
  int endOfPart(boolean special) {
    int end = position;
    while (end < text.length() && !endsPart(text.charAt(end), special)) {
      end++;
    }
    return end;
  }

  private static boolean endsPart(char c, boolean special) {
    return c == '/' || c == '?' || c == '#' || c == '\\' && special;
  }
}
