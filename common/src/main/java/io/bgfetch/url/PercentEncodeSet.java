package io.bgfetch.url;

/**
 * Which characters of a component are written as percent-encoded bytes of UTF-8 (URL standard,
 * section 1.3). Whatever is not ASCII, and every control, is in each of the sets.
 */
enum PercentEncodeSet {
  C0_CONTROL(""),
  FRAGMENT(" \"<>`"),
  QUERY(" \"#<>"),
  SPECIAL_QUERY(QUERY, "'"),
  PATH(QUERY, "?^`{}"),
  USERINFO(PATH, "/:;=@[\\]|");

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final AsciiSet ascii;

  PercentEncodeSet(String characters) {
    ascii = AsciiSet.CONTROLS.with(characters);
  }

  PercentEncodeSet(PercentEncodeSet smaller, String characters) {
    ascii = smaller.ascii.with(characters);
  }

  /** Appends text[from, to) to {@code out}; what needs no encoding goes over in whole runs. */
  void encode(CharSequence text, int from, int to, StringBuilder out) {
    int run = from;
    int i = from;
    while (i < to) {
      char c = text.charAt(i);
      if (c < 128 && !ascii.contains(c)) {
        i++;
        continue;
      }
      out.append(text, run, i);
      int codePoint = codePoint(text, i, to);
      i += Character.charCount(codePoint);
      run = i;
      encode(codePoint, out);
    }
    out.append(text, run, to);
  }

  private static int codePoint(CharSequence text, int i, int to) {
    char c = text.charAt(i);
    if (!Character.isSurrogate(c)) {
      return c;
    }
    if (Character.isHighSurrogate(c)
        && i + 1 < to
        && Character.isLowSurrogate(text.charAt(i + 1))) {
      return Character.toCodePoint(c, text.charAt(i + 1));
    }
    return 0xFFFD; // a lone surrogate has no UTF-8; it becomes what a USVString makes of it
  }

  private static void encode(int codePoint, StringBuilder out) {
    if (codePoint < 0x80) {
      append(codePoint, out);
    } else if (codePoint < 0x800) {
      append(0xC0 | codePoint >> 6, out);
      append(0x80 | codePoint & 0x3F, out);
    } else if (codePoint < 0x10000) {
      append(0xE0 | codePoint >> 12, out);
      append(0x80 | codePoint >> 6 & 0x3F, out);
      append(0x80 | codePoint & 0x3F, out);
    } else {
      append(0xF0 | codePoint >> 18, out);
      append(0x80 | codePoint >> 12 & 0x3F, out);
      append(0x80 | codePoint >> 6 & 0x3F, out);
      append(0x80 | codePoint & 0x3F, out);
    }
  }

  private static void append(int octet, StringBuilder out) {
    out.append('%').append(HEX[octet >> 4]).append(HEX[octet & 0xF]);
  }
}
