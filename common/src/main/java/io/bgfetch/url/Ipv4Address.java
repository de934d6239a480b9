package io.bgfetch.url;

/** An IPv4 address, its four bytes in one int (URL standard, sections 3.1 and 3.5). */
record Ipv4Address(int bits) {

  private static final long INVALID = -1;
  private static final int MAX_PARTS = 4;

  /**
   * Whether a domain can be nothing but an IPv4 address (URL standard, "ends in a number checker").
   */
  static boolean endsInNumber(String domain) {
    int to = endOfLastPart(domain);
    int from = domain.lastIndexOf('.', to - 1) + 1;
    return from < to && (isAllDigits(domain, from, to) || number(domain, from, to) != INVALID);
  }

  /**
   * Reads one to four numbers, decimal, octal or hexadecimal (URL standard, "IPv4 parser").
   *
   * @throws WebUrlException when it is no IPv4 address
   */
  static Ipv4Address parse(String domain) {
    int end = endOfLastPart(domain);
    long address = 0;
    int from = 0;
    for (int part = 1; part <= MAX_PARTS; part++) {
      int dot = domain.indexOf('.', from);
      boolean last = dot < 0 || dot >= end;
      long number = number(domain, from, last ? end : dot);
      long limit = last ? 1L << 8 * (MAX_PARTS + 1 - part) : 256;
      if (number == INVALID || number >= limit) {
        throw malformed();
      }
      if (last) {
        return new Ipv4Address((int) (address + number));
      }
      address |= number << 8 * (MAX_PARTS - part);
      from = dot + 1;
    }
    throw malformed();
  }

  private static WebUrlException malformed() {
    return new WebUrlException("the host ends in a number but is no IPv4 address");
  }

  /** One dot at the end is allowed and means nothing. */
  private static int endOfLastPart(String domain) {
    return domain.length() > 1 && domain.endsWith(".") ? domain.length() - 1 : domain.length();
  }

  private static boolean isAllDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Ascii.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static long number(String text, int from, int to) {
    if (from == to) {
      return INVALID;
    }
    if (to - from >= 2 && text.charAt(from) == '0') {
      boolean hexadecimal = (text.charAt(from + 1) | 0x20) == 'x';
      return hexadecimal ? number(text, from + 2, to, 16) : number(text, from + 1, to, 8);
    }
    return number(text, from, to, 10);
  }

  /** What passes 32 bits stays above them, so that no length of digits overflows. */
  private static long number(String text, int from, int to, int radix) {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = Ascii.digit(text.charAt(i), radix);
      if (digit < 0) {
        return INVALID;
      }
      value = Math.min(value * radix + digit, 1L << 32);
    }
    return value;
  }

  /** The address in dotted decimal. */
  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
