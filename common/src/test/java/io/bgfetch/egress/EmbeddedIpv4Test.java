package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedIpv4Test {

  private static final BigInteger ORDINARY = number("93.184.216.34");

  /** How an IPv4 address gets into an IPv6 one, as arithmetic on the 128 bits. */
  enum Form {
    MAPPED("::ffff:0:0/96"),
    TRANSLATED("::ffff:0:0:0/96"),
    COMPATIBLE("::/96"),
    NAT64("64:ff9b::/96"),
    LOCAL_NAT64_96("64:ff9b:1::/48"),
    LOCAL_NAT64_96_WITH_SUBNET("64:ff9b:1::/48") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return super.put(ipv4).or(BigInteger.valueOf(0xfffe).shiftLeft(64));
      }
    },
    LOCAL_NAT64_48("64:ff9b:1::/48") {
      @Override
      BigInteger put(BigInteger ipv4) {
        BigInteger upper = ipv4.shiftRight(16).shiftLeft(64);
        return range.first().or(upper).or(lowest(ipv4, 16).shiftLeft(40));
      }
    },
    LOCAL_NAT64_56("64:ff9b:1::/48") {
      @Override
      BigInteger put(BigInteger ipv4) {
        BigInteger upper = ipv4.shiftRight(24).shiftLeft(64);
        return range.first().or(upper).or(lowest(ipv4, 24).shiftLeft(32));
      }
    },
    LOCAL_NAT64_64("64:ff9b:1::/48") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(ipv4.shiftLeft(24));
      }
    },
    SIX_TO_FOUR("2002::/16") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(ipv4.shiftLeft(80)).or(BigInteger.ONE);
      }
    },
    TEREDO_SERVER("2001::/32") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(ipv4.shiftLeft(64)).or(obfuscated(ORDINARY));
      }
    },
    TEREDO_CLIENT("2001::/32") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(ORDINARY.shiftLeft(64)).or(obfuscated(ipv4));
      }
    },
    ISATAP("2600:1:2:3::/64") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(BigInteger.valueOf(0x5efeL).shiftLeft(32)).or(ipv4);
      }
    },
    ISATAP_UNIVERSAL("2600:1:2:3::/64") {
      @Override
      BigInteger put(BigInteger ipv4) {
        return range.first().or(BigInteger.valueOf(0x02005efeL).shiftLeft(32)).or(ipv4);
      }
    };

    final AddressRange range;

    Form(String carrier) {
      this.range = AddressRange.of(carrier);
    }

    BigInteger put(BigInteger ipv4) {
      return range.first().or(ipv4);
    }

    byte[] carrying(String ipv4) {
      return AddressRange.toBytes(put(number(ipv4)), 16);
    }

    private static BigInteger lowest(BigInteger number, int bits) {
      return number.mod(BigInteger.ONE.shiftLeft(bits));
    }

    private static BigInteger obfuscated(BigInteger ipv4) {
      return ipv4.xor(BigInteger.valueOf(0xffff_ffffL));
    }
  }

  private static final String[] REFUSED = {
    "127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.255.255", "100.64.0.1", "224.0.0.1"
  };

  static Stream<Form> forms() {
    return Stream.of(Form.values());
  }

  static Stream<Arguments> formsAndRefusedAddresses() {
    return forms().flatMap(form -> Stream.of(REFUSED).map(ipv4 -> Arguments.of(form, ipv4)));
  }

  private static BigInteger number(String ipv4) {
    return new BigInteger(1, AddressRange.bytesOf(ipv4));
  }

  private static boolean allows(String allow, byte[] address) {
    AddressRules rules = new AddressRules(EgressAllow.parse(allow), Set::of);
    return rules.judge(address) instanceof Verdict.Allowed;
  }

  @ParameterizedTest
  @MethodSource("formsAndRefusedAddresses")
  void isRefusedByDefault(Form form, String ipv4) {
    assertThat(allows("", form.carrying(ipv4))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("formsAndRefusedAddresses")
  void isRefusedAlthoughTheIpv6FormIsOpened(Form form, String ipv4) {
    assertThat(allows(form.range.cidr(), form.carrying(ipv4))).isFalse();
    assertThat(allows("::/0", form.carrying(ipv4))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("formsAndRefusedAddresses")
  void isAllowedWhenBothAreOpened(Form form, String ipv4) {
    assertThat(allows(form.range.cidr() + ",0.0.0.0/0", form.carrying(ipv4))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isAllowedWhenOrdinaryInAnOpenedForm(Form form) {
    assertThat(allows(form.range.cidr(), form.carrying("93.184.216.34"))).isTrue();
  }

  @Test
  void isAllowedWhenOrdinaryInAnIsatapIdentifierOfAnOrdinaryPrefix() {
    assertThat(allows("", Form.ISATAP.carrying("93.184.216.34"))).isTrue();
    assertThat(allows("", Form.ISATAP_UNIVERSAL.carrying("93.184.216.34"))).isTrue();
  }

  @Test
  void isNamedInTheRule() {
    AddressRules rules = new AddressRules(EgressAllow.parse("64:ff9b::/96"), Set::of);

    assertThat(rules.judge(Form.NAT64.carrying("10.1.2.3")))
        .isEqualTo(
            new Verdict.Refused(
                "it carries 10.1.2.3 (NAT64), and"
                    + " 10.0.0.0/8 is private use (RFC 1918), a special-purpose address"));
  }
}
