package io.bgfetch.egress;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

  private static final AddressRules RULES = new AddressRules(EgressAllow.NOTHING, Set::of);

  private static boolean allows(AddressRules rules, byte[] address) {
    return rules.judge(address) instanceof Verdict.Allowed;
  }

  private static boolean allows(AddressRules rules, String literal) {
    return allows(rules, AddressRange.bytesOf(literal));
  }

  private static String refusal(AddressRules rules, byte[] address) {
    return rules.judge(address) instanceof Verdict.Refused(String rule) ? rule : "allowed";
  }

  @Nested
  class AtTheEdgesOfEachRange {

    static Stream<AddressRange> ranges() {
      return SpecialPurposeAddresses.RANGES.stream();
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void refusesTheFirstAndTheLastAndNamesTheClosestRange(AddressRange range) {
      for (BigInteger edge : List.of(range.first(), range.last())) {
        byte[] address = AddressRange.toBytes(edge, range.bytes());
        String closest =
            SpecialPurposeAddresses.RANGES.stream()
                .filter(r -> r.contains(address))
                .min(comparing(AddressRange::size))
                .orElseThrow()
                .cidr();

        assertThat(refusal(RULES, address)).startsWith(closest + " is ");
      }
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void judgesTheNeighboursByTheirOwnRanges(AddressRange range) {
      BigInteger below = range.first().subtract(BigInteger.ONE);
      BigInteger above = range.last().add(BigInteger.ONE);
      for (BigInteger neighbour : List.of(below, above)) {
        byte[] address = AddressRange.toBytes(neighbour, range.bytes());

        assertThat(allows(RULES, address)).isNotEqualTo(SpecialPurposeAddresses.contain(address));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "168.63.129.15",
        "168.63.129.17",
        "2000::",
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:200::",
        "2001:db7:ffff::",
        "2001:db9::",
        "2003::",
        "3ffe::",
        "3fff:1000::",
        "2606:2800:220:1:248:1893:25c8:1946"
      })
  void allowsOrdinaryAddresses(String address) {
    assertThat(allows(RULES, address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"200::1", "1fff:ffff::", "4000::", "6000::1", "fbff::", "fe00::"})
  void refusesIpv6OutsideGlobalUnicast(String address) {
    assertThat(refusal(RULES, AddressRange.bytesOf(address))).contains("outside 2000::/3");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 16})
  void agreesWithTheRegistriesOnRandomAddresses(int bytes) {
    Random random = new Random(8190);
    List<AddressRange> ranges =
        SpecialPurposeAddresses.RANGES.stream().filter(range -> range.bytes() == bytes).toList();
    for (int i = 0; i < 20_000; i++) {
      byte[] address = new byte[bytes];
      random.nextBytes(address);
      AddressRange near = ranges.get(random.nextInt(ranges.size()));
      byte[] start = AddressRange.toBytes(near.first(), bytes);
      System.arraycopy(start, 0, address, 0, random.nextInt(bytes));

      assertThat(allows(RULES, address))
          .as(IpLiteral.format(address))
          .isNotEqualTo(SpecialPurposeAddresses.contain(address));
    }
  }

  @Nested
  class WithTheMachinesOwnAddresses {

    private final AddressRules rules =
        new AddressRules(
            EgressAllow.parse("9.9.9.9"),
            () -> Set.of(ip("93.184.216.34"), ip("2600:1::5"), ip("9.9.9.9")));

    @ParameterizedTest
    @CsvSource({"93.184.216.34,false", "93.184.216.35,true", "2600:1::5,false", "2600:1::6,true"})
    void refusesJustThose(String address, boolean allowed) {
      assertThat(allows(rules, address)).isEqualTo(allowed);
    }

    @Test
    void saysSo() {
      assertThat(rules.judge(ip("2600:1::5")))
          .isEqualTo(new Verdict.Refused("it is an address of this machine itself"));
    }

    @Test
    void findsThemInsideIpv6() {
      byte[] isatap = AddressRange.bytesOf("2600:1::5efe:5db8:d822");

      assertThat(refusal(rules, isatap))
          .isEqualTo(
              "it carries 93.184.216.34 (ISATAP), and it is an address of this machine itself");
    }

    @Test
    void allowsOneThatIsOpened() {
      assertThat(allows(rules, "9.9.9.9")).isTrue();
    }
  }

  @Nested
  class WithOpenedRanges {

    @ParameterizedTest
    @CsvSource({
      "127.0.0.0,true", "127.255.255.255,true", "126.255.255.255,true", "128.0.0.0,true",
      "10.0.0.1,false", "::1,false", "::ffff:127.0.0.1,false", "64:ff9b::7f00:1,false"
    })
    void opensJustTheAddressesInside(String address, boolean allowed) {
      AddressRules rules = new AddressRules(EgressAllow.parse("127.0.0.0/8"), Set::of);

      assertThat(allows(rules, address)).isEqualTo(allowed);
    }

    @Test
    void opensEveryRuleForAnAddressAtOnce() {
      AddressRules rules = new AddressRules(EgressAllow.parse("169.254.0.0/16"), Set::of);

      assertThat(allows(rules, "169.254.169.254")).isTrue();
    }

    @Test
    void opensIpv6LoopbackAndTheUnspecifiedAddressByThemselves() {
      AddressRules rules = new AddressRules(EgressAllow.parse("::1, ::/128"), Set::of);

      assertThat(allows(rules, "::1")).isTrue();
      assertThat(allows(rules, "::")).isTrue();
      assertThat(allows(rules, "::2")).isFalse();
    }
  }

  private static InetAddress ip(String literal) {
    return IpLiteral.toInetAddress(AddressRange.bytesOf(literal));
  }
}
