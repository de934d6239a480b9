package io.bgfetch.cli;

/** Titles, URLs and errors come from elsewhere: they must not drive the terminal. */
final class ForeignText {
  private static final char REPLACEMENT = '\uFFFD';

  private ForeignText() {}

  /** The text with control characters, line ends and changes of direction made visible. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(isHarmless(c) ? c : REPLACEMENT));
    return clean.toString();
  }

  private static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> !isDirection(codePoint);
      default -> true;
    };
  }

  private static boolean isDirection(int codePoint) {
    return (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  /** The text as one word of a shell. */
  static String shellWord(String text) {
    return text.matches("[A-Za-z0-9._:/@%+=-]+")
        ? text
        : "'" + clean(text).replace("'", "'\\''") + "'";
  }
}
