package io.bgfetch.egress;

import java.util.List;
import java.util.stream.Stream;

/** The facts: what the IANA registries and the vendors' documents list, column by column. */
final class SpecialPurposeAddresses {

  /** iana-ipv4-special-registry: address block, globally reachable. */
  private static final String IPV4_REGISTRY =
      """
      0.0.0.0/8           False
      0.0.0.0/32          False
      10.0.0.0/8          False
      100.64.0.0/10       False
      127.0.0.0/8         False
      169.254.0.0/16      False
      172.16.0.0/12       False
      192.0.0.0/24        False
      192.0.0.0/29        False
      192.0.0.8/32        False
      192.0.0.9/32        True
      192.0.0.10/32       True
      192.0.0.170/32      False
      192.0.0.171/32      False
      192.0.2.0/24        False
      192.31.196.0/24     True
      192.52.193.0/24     True
      192.88.99.0/24      N/A
      192.88.99.2/32      False
      192.168.0.0/16      False
      192.175.48.0/24     True
      198.18.0.0/15       False
      198.51.100.0/24     False
      203.0.113.0/24      False
      240.0.0.0/4         False
      255.255.255.255/32  False
      """;

  /** iana-ipv6-special-registry: address block, globally reachable. */
  private static final String IPV6_REGISTRY =
      """
      ::1/128             False
      ::/128              False
      ::ffff:0:0/96       False
      64:ff9b::/96        True
      64:ff9b:1::/48      False
      100::/64            False
      100:0:0:1::/64      False
      2001::/23           False
      2001::/32           N/A
      2001:1::1/128       True
      2001:1::2/128       True
      2001:1::3/128       True
      2001:2::/48         False
      2001:3::/32         True
      2001:4:112::/48     True
      2001:10::/28        N/A
      2001:20::/28        True
      2001:30::/28        True
      2001:db8::/32       False
      2002::/16           N/A
      2620:4f:8000::/48   True
      3fff::/20           False
      5f00::/16           False
      fc00::/7            False
      fe80::/10           False
      """;

  /** RFC 5771, RFC 4291, RFC 3879, and the metadata services of AWS, Azure, Google, and others. */
  private static final String OTHERS =
      """
      224.0.0.0/4         -
      100.100.100.200/32  -
      168.63.129.16/32    -
      169.254.169.254/32  -
      169.254.170.2/32    -
      169.254.170.23/32   -
      192.0.0.192/32      -
      ::/96               -
      fec0::/10           -
      ff00::/8            -
      fd00:ec2::254/128   -
      fd00:ec2::23/128    -
      fd20:ce::254/128    -
      fd00:42::42/128     -
      fe80::a9fe:a9fe/128 -
      """;

  private static final AddressRange GLOBAL_UNICAST = AddressRange.of("2000::/3");

  static final List<AddressRange> RANGES =
      Stream.of(IPV4_REGISTRY, IPV6_REGISTRY, OTHERS)
          .flatMap(String::lines)
          .map(line -> AddressRange.of(line.split(" +")[0]))
          .toList();

  private SpecialPurposeAddresses() {}

  static boolean contain(byte[] address) {
    return RANGES.stream().anyMatch(range -> range.contains(address))
        || (address.length == 16 && !GLOBAL_UNICAST.contains(address));
  }
}
