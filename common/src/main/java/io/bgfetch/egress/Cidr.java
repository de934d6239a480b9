package io.bgfetch.egress;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses of one family in CIDR notation (RFC 4632, RFC 4291 section 2.3). IPv4 and
 * IPv6 never contain each other, whatever the one embeds.
 */
final class Cidr {

  private static final Pattern PREFIX_LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  private final byte[] first;
  private final int prefixLength;

  private Cidr(byte[] first, int prefixLength) {
    this.first = first;
    this.prefixLength = prefixLength;
  }

  /**
   * Reads {@code address/length}; an address alone is the range of just that address.
   *
   * @throws IllegalArgumentException when it is neither, the length is too long for the family, or
   *     the address has bits set behind it; the message says which
   */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] first =
        IpLiteral.parse(address)
            .orElseThrow(() -> new IllegalArgumentException("'" + address + "' is no IP address"));
    int bits = first.length * Byte.SIZE;
    Cidr range = new Cidr(first, slash < 0 ? bits : length(text.substring(slash + 1), bits));
    if (!Arrays.equals(first, range.masked())) {
      throw new IllegalArgumentException(
          "it has bits set behind its prefix, the range is "
              + new Cidr(range.masked(), range.prefixLength));
    }
    return range;
  }

  boolean contains(byte[] address) {
    if (address.length != first.length) {
      return false;
    }
    int whole = prefixLength / Byte.SIZE;
    return Arrays.equals(first, 0, whole, address, 0, whole)
        && (prefixLength % Byte.SIZE == 0
            || ((first[whole] ^ address[whole]) & leadingBits(prefixLength % Byte.SIZE)) == 0);
  }

  int prefixLength() {
    return prefixLength;
  }

  private static int length(String text, int bits) {
    if (!PREFIX_LENGTH.matcher(text).matches() || Integer.parseInt(text) > bits) {
      throw new IllegalArgumentException("its prefix length is not between 0 and " + bits);
    }
    return Integer.parseInt(text);
  }

  private byte[] masked() {
    byte[] masked = Arrays.copyOf(Arrays.copyOf(first, prefixLength / Byte.SIZE), first.length);
    if (prefixLength % Byte.SIZE != 0) {
      int last = prefixLength / Byte.SIZE;
      masked[last] = (byte) (first[last] & leadingBits(prefixLength % Byte.SIZE));
    }
    return masked;
  }

  private static int leadingBits(int count) {
    return 0xff << (Byte.SIZE - count);
  }

  @Override
  public String toString() {
    return IpLiteral.format(first) + "/" + prefixLength;
  }
}
