package io.bgfetch.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses written as text, read and written without ever asking DNS and without losing a bit.
 *
 * <p>The JDK turns an IPv4-mapped IPv6 address into the IPv4 address that it carries; addresses
 * that are to be judged as both have to stay bytes.
 */
final class IpLiteral {

  static final int IPV4_BYTES = 4;
  static final int IPV6_BYTES = 16;

  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private IpLiteral() {}

  /**
   * Reads dotted decimal (four parts, no leading zeros) or the IPv6 text forms of RFC 4291 section
   * 2.2, in square brackets or without; empty for anything else, zones included.
   */
  static Optional<byte[]> parse(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return parseIpv6(text.substring(1, text.length() - 1));
    }
    return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
  }

  /** The address as an object of the JDK that carries no name, so that nothing can look one up. */
  static InetAddress toInetAddress(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length, e);
    }
  }

  /** The address as text: dotted decimal, or IPv6 as RFC 5952 has it. */
  static String format(byte[] address) {
    return address.length == IPV4_BYTES
        ? toInetAddress(address).getHostAddress()
        : formatIpv6(address);
  }

  private static Optional<byte[]> parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] address = new byte[IPV4_BYTES];
    if (parts.length != IPV4_BYTES) {
      return Optional.empty();
    }
    for (int i = 0; i < IPV4_BYTES; i++) {
      if (!OCTET.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        return Optional.empty();
      }
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    return Optional.of(address);
  }

  private static Optional<byte[]> parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true).filter(bytes -> bytes.length == IPV6_BYTES);
    }
    Optional<byte[]> before = groups(text.substring(0, gap), false);
    Optional<byte[]> after = groups(text.substring(gap + 2), true);
    return before.flatMap(head -> after.flatMap(tail -> joined(head, tail)));
  }

  /** A gap stands for at least one group of zeros. */
  private static Optional<byte[]> joined(byte[] head, byte[] tail) {
    if (head.length + tail.length > IPV6_BYTES - 2) {
      return Optional.empty();
    }
    byte[] address = new byte[IPV6_BYTES];
    System.arraycopy(head, 0, address, 0, head.length);
    System.arraycopy(tail, 0, address, IPV6_BYTES - tail.length, tail.length);
    return Optional.of(address);
  }

  private static Optional<byte[]> groups(String text, boolean mayEndInIpv4) {
    if (text.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    String[] parts = text.split(":", -1);
    boolean endsInIpv4 = mayEndInIpv4 && parts[parts.length - 1].indexOf('.') >= 0;
    int groups = endsInIpv4 ? parts.length - 1 : parts.length;
    byte[] ipv4 = endsInIpv4 ? parseIpv4(parts[groups]).orElse(null) : new byte[0];
    if (ipv4 == null || groups * 2 + ipv4.length > IPV6_BYTES) {
      return Optional.empty();
    }
    byte[] bytes = new byte[groups * 2 + ipv4.length];
    for (int i = 0; i < groups; i++) {
      if (!GROUP.matcher(parts[i]).matches()) {
        return Optional.empty();
      }
      int group = Integer.parseInt(parts[i], 16);
      bytes[2 * i] = (byte) (group >> 8);
      bytes[2 * i + 1] = (byte) group;
    }
    System.arraycopy(ipv4, 0, bytes, groups * 2, ipv4.length);
    return Optional.of(bytes);
  }

  private static String formatIpv6(byte[] address) {
    int gap = -1;
    int gapLength = 1;
    for (int start = 0; start < 8; start++) {
      int length = zeroGroups(address, start);
      if (length > gapLength) {
        gap = start;
        gapLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == gap) {
        text.append("::");
        i += gapLength - 1;
      } else {
        text.append(i == 0 || (gap >= 0 && i == gap + gapLength) ? "" : ":");
        text.append(Integer.toHexString(group(address, i)));
      }
    }
    return text.toString();
  }

  private static int zeroGroups(byte[] address, int start) {
    int length = 0;
    while (start + length < 8 && group(address, start + length) == 0) {
      length++;
    }
    return length;
  }

  private static int group(byte[] address, int index) {
    return Byte.toUnsignedInt(address[2 * index]) << 8 | Byte.toUnsignedInt(address[2 * index + 1]);
  }
}
