package io.bgfetch.url;

/** An IPv6 address, eight pieces of 16 bits (URL standard, sections 3.1 and 3.5). */
final class Ipv6Address {

  private static final int PIECES = 8;

  private final int[] pieces;

  private Ipv6Address(int[] pieces) {
    this.pieces = pieces;
  }

  /**
   * Reads an address without its brackets (URL standard, "IPv6 parser").
   *
   * @throws WebUrlException when it is no IPv6 address
   */
  static Ipv6Address parse(String text) {
    return new Ipv6Address(new Reader(text).read());
  }

  /** The shortest form, without brackets: the first longest run of zero pieces reads "::". */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(39);
    int zeros = startOfLongestZeroRun();
    for (int i = 0; i < PIECES; i++) {
      if (i == zeros) {
        out.append(i == 0 ? "::" : ":");
        i = endOfZeroRun(zeros) - 1;
      } else {
        out.append(Integer.toHexString(pieces[i])).append(i < PIECES - 1 ? ":" : "");
      }
    }
    return out.toString();
  }

  private int startOfLongestZeroRun() {
    int longest = -1;
    int length = 1; // a single zero is not compressed
    for (int i = 0; i < PIECES; i++) {
      int end = endOfZeroRun(i);
      if (end - i > length) {
        longest = i;
        length = end - i;
      }
    }
    return longest;
  }

  private int endOfZeroRun(int start) {
    int end = start;
    while (end < PIECES && pieces[end] == 0) {
      end++;
    }
    return end;
  }

  /** The standard's parser, with its pointer and piece index. */
  private static final class Reader {

    private static final int NONE = -1;

    private final String text;
    private final int[] pieces = new int[PIECES];
    private int pointer;
    private int piece;
    private int compress = NONE;

    Reader(String text) {
      this.text = text;
    }

    int[] read() {
      if (text.startsWith(":")) {
        require(text.startsWith("::"));
        pointer = 2;
        compress = piece;
      }
      while (pointer < text.length()) {
        require(piece < PIECES);
        if (current() == ':') {
          require(compress == NONE);
          pointer++;
          compress = piece;
        } else {
          readPiece();
        }
      }
      return expanded();
    }

    private void readPiece() {
      int start = pointer;
      int value = 0;
      while (pointer - start < 4 && Ascii.digit(current(), 16) >= 0) {
        value = value << 4 | Ascii.digit(current(), 16);
        pointer++;
      }
      if (current() == '.') {
        require(pointer > start && piece <= PIECES - 2);
        pointer = start;
        readIpv4();
        return;
      }
      if (pointer < text.length()) {
        require(current() == ':');
        pointer++;
        require(pointer < text.length());
      }
      pieces[piece++] = value;
    }

    /** The last two pieces in dotted decimal: stricter than a host that is an IPv4 address. */
    private void readIpv4() {
      for (int seen = 0; seen < 4; seen++) {
        if (seen > 0) {
          require(current() == '.');
          pointer++;
        }
        pieces[piece] = pieces[piece] << 8 | readDecimalByte();
        if (seen % 2 == 1) {
          piece++;
        }
      }
      require(pointer == text.length());
    }

    private int readDecimalByte() {
      require(Ascii.isDigit(current()));
      boolean leadingZero = current() == '0';
      int value = 0;
      for (int start = pointer; Ascii.isDigit(current()); pointer++) {
        require(pointer == start || !leadingZero);
        value = value * 10 + Ascii.digit(current(), 10);
        require(value <= 255);
      }
      return value;
    }

    private int[] expanded() {
      if (compress == NONE) {
        require(piece == PIECES);
        return pieces;
      }
      int[] expanded = new int[PIECES];
      int after = piece - compress;
      System.arraycopy(pieces, 0, expanded, 0, compress);
      System.arraycopy(pieces, compress, expanded, PIECES - after, after);
      return expanded;
    }

    private int current() {
      return pointer < text.length() ? text.charAt(pointer) : NONE;
    }

    private static void require(boolean wellFormed) {
      if (!wellFormed) {
        throw new WebUrlException("the IPv6 address is malformed");
      }
    }
  }
}
