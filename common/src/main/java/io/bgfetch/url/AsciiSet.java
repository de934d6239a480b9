package io.bgfetch.url;

/** A set of ASCII characters that answers in constant time; no other character is in it. */
record AsciiSet(long low, long high) {

  static final AsciiSet CONTROLS = range(0x00, 0x1F).with("\u007F");

  /** URL standard, "forbidden host code point". */
  static final AsciiSet FORBIDDEN_IN_HOST = of("\0\t\n\r #/:<>?@[\\]^|");

  /** URL standard, "forbidden domain code point". */
  static final AsciiSet FORBIDDEN_IN_DOMAIN = FORBIDDEN_IN_HOST.with(CONTROLS).with("%");

  static AsciiSet of(String characters) {
    return new AsciiSet(0, 0).with(characters);
  }

  private static AsciiSet range(int first, int last) {
    AsciiSet set = new AsciiSet(0, 0);
    for (int c = first; c <= last; c++) {
      set = set.with(Character.toString(c));
    }
    return set;
  }

  AsciiSet with(String characters) {
    long newLow = low;
    long newHigh = high;
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c < 64) {
        newLow |= 1L << c;
      } else {
        newHigh |= 1L << (c - 64);
      }
    }
    return new AsciiSet(newLow, newHigh);
  }

  AsciiSet with(AsciiSet other) {
    return new AsciiSet(low | other.low, high | other.high);
  }

  boolean contains(int c) {
    // A shift by a long looks at its lowest six bits only, so c needs no subtraction.
    return c < 64 ? (low >>> c & 1) != 0 : c < 128 && (high >>> c & 1) != 0;
  }

  /** The index of the text's first character that is in this set, or -1. */
  int firstIn(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (contains(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }
}
