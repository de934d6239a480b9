package io.bgfetch.gateway.registering;

/** Which strings of a client can be kept as they are. */
final class Texts {

  private Texts() {}

  /** Whether Postgres can hold it: well-formed, and without U+0000. */
  static boolean storable(String text) {
    return text.indexOf(0) < 0 && wellFormed(text);
  }

  /** Whether UTF-8 can hold it: no lone surrogate. */
  static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
