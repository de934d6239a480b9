package io.bgfetch.url;

/** The classes of ASCII characters that the grammar of URLs names (Infra standard, section 4.6). */
final class Ascii {

  private Ascii() {}

  static boolean isAlpha(int c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /**
   * The value of a digit in that radix, or -1 for anything else, other scripts' digits included.
   */
  static int digit(int c, int radix) {
    return c < 128 ? Character.digit(c, radix) : -1;
  }
}
