package io.bgfetch.egress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An IPv4 address that an IPv6 address carries, and that a packet may end up at. (A translation
 * prefix that a network chose for itself among its ordinary addresses cannot be recognised.)
 *
 * @param form how it is carried, for the error text
 * @param address the address
 */
record EmbeddedIpv4(String form, InetAddress address) {

  private static final Cidr MAPPED = Cidr.parse("::ffff:0:0/96");
  private static final Cidr TRANSLATED = Cidr.parse("::ffff:0:0:0/96");
  private static final Cidr COMPATIBLE = Cidr.parse("::/96");
  private static final Cidr UNSPECIFIED_AND_LOOPBACK = Cidr.parse("::/127");
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr LOCAL_NAT64 = Cidr.parse("64:ff9b:1::/48");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
  private static final Cidr TEREDO = Cidr.parse("2001::/32");

  /** Every IPv4 address that these 16 bytes may stand for; empty for ordinary IPv6 addresses. */
  static List<EmbeddedIpv4> in(byte[] ipv6) {
    List<EmbeddedIpv4> found = new ArrayList<>();
    if (MAPPED.contains(ipv6)) {
      found.add(at(ipv6, "IPv4-mapped", 12, 13, 14, 15));
    }
    if (TRANSLATED.contains(ipv6)) {
      found.add(at(ipv6, "IPv4-translated", 12, 13, 14, 15));
    }
    // :: and ::1 have meanings of their own (RFC 4291 section 2.5)
    if (COMPATIBLE.contains(ipv6) && !UNSPECIFIED_AND_LOOPBACK.contains(ipv6)) {
      found.add(at(ipv6, "IPv4-compatible", 12, 13, 14, 15));
    }
    if (NAT64.contains(ipv6)) {
      found.add(at(ipv6, "NAT64", 12, 13, 14, 15));
    }
    if (LOCAL_NAT64.contains(ipv6)) {
      found.addAll(localNat64(ipv6));
    }
    if (SIX_TO_FOUR.contains(ipv6)) {
      found.add(at(ipv6, "6to4", 2, 3, 4, 5));
    }
    if (TEREDO.contains(ipv6)) {
      found.add(at(ipv6, "Teredo server", 4, 5, 6, 7));
      found.add(inverted(at(ipv6, "Teredo client", 12, 13, 14, 15)));
    }
    if (isIsatap(ipv6)) {
      found.add(at(ipv6, "ISATAP", 12, 13, 14, 15));
    }
    return found;
  }

  /**
   * The forms of RFC 6052 section 2.2 that fit inside a /48. Which one a network uses is not known:
   * each form counts whose suffix is zero, as that section demands, the /96 form always, unless its
   * own bits are the zero suffix of such a shorter one.
   */
  private static List<EmbeddedIpv4> localNat64(byte[] ipv6) {
    List<EmbeddedIpv4> found = new ArrayList<>();
    if (ipv6[8] == 0 && isZero(ipv6, 11)) {
      found.add(at(ipv6, "NAT64 /48", 6, 7, 9, 10));
    }
    if (ipv6[8] == 0 && isZero(ipv6, 12)) {
      found.add(at(ipv6, "NAT64 /56", 7, 9, 10, 11));
    }
    if (ipv6[8] == 0 && isZero(ipv6, 13)) {
      found.add(at(ipv6, "NAT64 /64", 9, 10, 11, 12));
    }
    if (found.isEmpty() || !isZero(ipv6, 12)) {
      found.add(at(ipv6, "NAT64 /96", 12, 13, 14, 15));
    }
    return found;
  }

  /** RFC 5214 section 6.1: the interface identifier is 0000:5efe or 0200:5efe and the address. */
  private static boolean isIsatap(byte[] ipv6) {
    return (ipv6[8] & 0xfd) == 0 && ipv6[9] == 0 && ipv6[10] == 0x5e && ipv6[11] == (byte) 0xfe;
  }

  private static boolean isZero(byte[] bytes, int from) {
    return IntStream.range(from, bytes.length).allMatch(i -> bytes[i] == 0);
  }

  private static EmbeddedIpv4 at(byte[] ipv6, String form, int a, int b, int c, int d) {
    byte[] address = {ipv6[a], ipv6[b], ipv6[c], ipv6[d]};
    return new EmbeddedIpv4(form, IpLiteral.toInetAddress(address));
  }

  /** RFC 4380 section 4: Teredo hides the client's address from meddling NATs. */
  private static EmbeddedIpv4 inverted(EmbeddedIpv4 hidden) {
    byte[] address = hidden.address.getAddress();
    for (int i = 0; i < address.length; i++) {
      address[i] ^= (byte) 0xff;
    }
    return new EmbeddedIpv4(hidden.form, IpLiteral.toInetAddress(address));
  }
}
