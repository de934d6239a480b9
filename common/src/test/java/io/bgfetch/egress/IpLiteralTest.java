package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "1.2.3.4",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "FE80::A9fe:a9FE",
        "1::3:4",
        "::1.2.3.4",
        "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:1.2.3.4",
        "::ffff:1.2.3.4",
        "::ffff:102:304"
      })
  void readsWhatTheJdkReads(String text) {
    assertThat(IpLiteral.parse(text)).hasValue(AddressRange.bytesOf(text));
  }

  @Test
  void readsBracketsAroundIpv6() {
    assertThat(IpLiteral.parse("[::1]")).hasValue(AddressRange.bytesOf("::1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "localhost",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.04",
        "0x7f.0.0.1",
        "1.2.3.4.",
        "1.2.3.-4",
        " 1.2.3.4",
        "1.2..4",
        "[1.2.3.4]",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "::g",
        ":1",
        "1:",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "fe80::1%eth0",
        "[::1",
        "::1]",
        "[]",
        "::+1",
        "::0x1",
        "١.2.3.4"
      })
  void readsNothingElse(String text) {
    assertThat(IpLiteral.parse(text)).isEmpty();
  }

  @Test
  void readsBackWhatItWrites() {
    Random random = new Random(5952);
    for (int i = 0; i < 2_000; i++) {
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      for (int j = 0; j < address.length; j++) {
        address[j] = random.nextInt(3) == 0 ? (byte) random.nextInt() : 0;
      }

      assertThat(IpLiteral.parse(IpLiteral.format(address))).hasValue(address);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "0:0:1:0:0:0:1:0, 0:0:1::1:0",
    "127.0.0.1, 127.0.0.1"
  })
  void writesTheCanonicalForm(String text, String canonical) {
    assertThat(IpLiteral.format(AddressRange.bytesOf(text))).isEqualTo(canonical);
  }
}
