package io.bgfetch.egress;

import static java.util.Comparator.comparingInt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All addresses that are special: every entry of the IANA IPv4 and IPv6 Special-Purpose Address
 * Registries (RFC 6890, RFC 8190), multicast, the metadata services of clouds, and for IPv6
 * whatever lies outside global unicast.
 *
 * <p>The registries' column "Globally Reachable" makes no difference. The entries where it is true
 * are anycast services of the network itself (AS112, AMT, PCP, TURN), identifiers that are no
 * locators (ORCHIDv2, DRIP) and the NAT64 prefix: no web server answers there. A network that
 * reaches IPv4 through NAT64 opens {@code 64:ff9b::/96}, and the IPv4 address inside is still
 * judged.
 */
final class SpecialPurposeRegistry {

  private static final String CLOUDS = "clouds' documentation";

  private static final List<SpecialRange> IPV4 =
      mostSpecificFirst(
          SpecialRange.of("0.0.0.0/8", "\"this network\"", "RFC 791"),
          SpecialRange.of("0.0.0.0/32", "\"this host on this network\"", "RFC 1122"),
          SpecialRange.of("10.0.0.0/8", "private use", "RFC 1918"),
          SpecialRange.of("100.64.0.0/10", "shared address space", "RFC 6598"),
          SpecialRange.of("127.0.0.0/8", "loopback", "RFC 1122"),
          SpecialRange.of("169.254.0.0/16", "link-local", "RFC 3927"),
          SpecialRange.of("172.16.0.0/12", "private use", "RFC 1918"),
          SpecialRange.of("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
          SpecialRange.of("192.0.0.0/29", "IPv4 service continuity", "RFC 7335"),
          SpecialRange.of("192.0.0.8/32", "the IPv4 dummy address", "RFC 7600"),
          SpecialRange.of("192.0.0.9/32", "Port Control Protocol anycast", "RFC 7723"),
          SpecialRange.of("192.0.0.10/32", "TURN anycast", "RFC 8155"),
          SpecialRange.of("192.0.0.170/32", "NAT64/DNS64 discovery", "RFC 7050"),
          SpecialRange.of("192.0.0.171/32", "NAT64/DNS64 discovery", "RFC 7050"),
          SpecialRange.of("192.0.2.0/24", "documentation", "RFC 5737"),
          SpecialRange.of("192.31.196.0/24", "AS112", "RFC 7535"),
          SpecialRange.of("192.52.193.0/24", "AMT", "RFC 7450"),
          SpecialRange.of("192.88.99.0/24", "6to4 relay anycast, deprecated", "RFC 7526"),
          SpecialRange.of("192.88.99.2/32", "6a44 relay anycast", "RFC 6751"),
          SpecialRange.of("192.168.0.0/16", "private use", "RFC 1918"),
          SpecialRange.of("192.175.48.0/24", "AS112 direct delegation", "RFC 7534"),
          SpecialRange.of("198.18.0.0/15", "benchmarking", "RFC 2544"),
          SpecialRange.of("198.51.100.0/24", "documentation", "RFC 5737"),
          SpecialRange.of("203.0.113.0/24", "documentation", "RFC 5737"),
          SpecialRange.of("240.0.0.0/4", "reserved", "RFC 1112"),
          SpecialRange.of("255.255.255.255/32", "limited broadcast", "RFC 919"),
          SpecialRange.of("224.0.0.0/4", "multicast", "RFC 5771"),
          SpecialRange.of("100.100.100.200/32", "cloud metadata", CLOUDS),
          SpecialRange.of("168.63.129.16/32", "the host of a cloud's machine", CLOUDS),
          SpecialRange.of("169.254.169.254/32", "cloud metadata", CLOUDS),
          SpecialRange.of("169.254.170.2/32", "cloud credentials", CLOUDS),
          SpecialRange.of("169.254.170.23/32", "cloud credentials", CLOUDS),
          SpecialRange.of("192.0.0.192/32", "cloud metadata", CLOUDS));

  private static final List<SpecialRange> IPV6 =
      mostSpecificFirst(
          SpecialRange.of("::1/128", "loopback", "RFC 4291"),
          SpecialRange.of("::/128", "the unspecified address", "RFC 4291"),
          SpecialRange.of("::/96", "IPv4-compatible, deprecated", "RFC 4291"),
          SpecialRange.of("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
          SpecialRange.of("64:ff9b::/96", "IPv4/IPv6 translation", "RFC 6052"),
          SpecialRange.of("64:ff9b:1::/48", "local-use IPv4/IPv6 translation", "RFC 8215"),
          SpecialRange.of("100::/64", "discard-only", "RFC 6666"),
          SpecialRange.of("100:0:0:1::/64", "the dummy prefix", "RFC 9780"),
          SpecialRange.of("2001::/23", "IETF protocol assignments", "RFC 2928"),
          SpecialRange.of("2001::/32", "Teredo", "RFC 4380"),
          SpecialRange.of("2001:1::1/128", "Port Control Protocol anycast", "RFC 7723"),
          SpecialRange.of("2001:1::2/128", "TURN anycast", "RFC 8155"),
          SpecialRange.of("2001:1::3/128", "DNS-SD registration anycast", "RFC 9665"),
          SpecialRange.of("2001:2::/48", "benchmarking", "RFC 5180"),
          SpecialRange.of("2001:3::/32", "AMT", "RFC 7450"),
          SpecialRange.of("2001:4:112::/48", "AS112", "RFC 7535"),
          SpecialRange.of("2001:10::/28", "ORCHID, deprecated", "RFC 4843"),
          SpecialRange.of("2001:20::/28", "ORCHIDv2", "RFC 7343"),
          SpecialRange.of("2001:30::/28", "drone remote identification", "RFC 9374"),
          SpecialRange.of("2001:db8::/32", "documentation", "RFC 3849"),
          SpecialRange.of("2002::/16", "6to4", "RFC 3056"),
          SpecialRange.of("2620:4f:8000::/48", "AS112 direct delegation", "RFC 7534"),
          SpecialRange.of("3fff::/20", "documentation", "RFC 9637"),
          SpecialRange.of("5f00::/16", "segment routing identifiers", "RFC 9602"),
          SpecialRange.of("fc00::/7", "unique local", "RFC 4193"),
          SpecialRange.of("fe80::/10", "link-local", "RFC 4291"),
          SpecialRange.of("fec0::/10", "site-local, deprecated", "RFC 3879"),
          SpecialRange.of("ff00::/8", "multicast", "RFC 4291"),
          SpecialRange.of("fd00:ec2::254/128", "cloud metadata", CLOUDS),
          SpecialRange.of("fd00:ec2::23/128", "cloud credentials", CLOUDS),
          SpecialRange.of("fd20:ce::254/128", "cloud metadata", CLOUDS),
          SpecialRange.of("fd00:42::42/128", "cloud metadata", CLOUDS),
          SpecialRange.of("fe80::a9fe:a9fe/128", "cloud metadata", CLOUDS));

  private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");
  private static final String NOT_GLOBAL_UNICAST =
      "it lies outside " + GLOBAL_UNICAST + ", the global unicast addresses (RFC 4291)";

  private SpecialPurposeRegistry() {}

  /** The most specific rule that makes an address special, in words; empty for ordinary ones. */
  static Optional<String> ruleFor(byte[] address) {
    boolean ipv4 = address.length == IpLiteral.IPV4_BYTES;
    Stream<SpecialRange> ranges = (ipv4 ? IPV4 : IPV6).stream();
    Optional<String> rule =
        ranges
            .filter(special -> special.range().contains(address))
            .findFirst()
            .map(SpecialRange::rule);
    return rule.isPresent() || ipv4 || GLOBAL_UNICAST.contains(address)
        ? rule
        : Optional.of(NOT_GLOBAL_UNICAST);
  }

  private static List<SpecialRange> mostSpecificFirst(SpecialRange... ranges) {
    return Arrays.stream(ranges)
        .sorted(comparingInt((SpecialRange special) -> special.range().prefixLength()).reversed())
        .toList();
  }
}
