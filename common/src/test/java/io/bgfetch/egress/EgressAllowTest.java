package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressAllowTest {

  private static boolean opens(String list, String address) {
    return EgressAllow.parse(list).opens(AddressRange.bytesOf(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void opensNothingWhenBlank(String list) {
    assertThat(opens(list, "127.0.0.1")).isFalse();
    assertThat(EgressAllow.parse(list).opens("localhost")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 9.255.255.255, false",
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.0/23, 10.1.3.255, true",
    "10.1.2.0/23, 10.1.4.0, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.2, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 127.0.0.1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fc00::1, false",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "[::1], ::1, true",
    "::1/128, ::2, false"
  })
  void opensTheAddressesOfARange(String list, String address, boolean open) {
    assertThat(opens(list, address)).isEqualTo(open);
  }

  @Test
  void takesSeveralEntriesWithSpaceAroundThem() {
    EgressAllow allow = EgressAllow.parse(" 127.0.0.0/8 , ::1,\tminio.internal ");

    assertThat(allow.opens(AddressRange.bytesOf("127.0.0.1"))).isTrue();
    assertThat(allow.opens(AddressRange.bytesOf("::1"))).isTrue();
    assertThat(allow.opens("minio.internal")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "minio.internal, true",
    "MINIO.Internal, true",
    "minio.internal., true",
    "a.minio.internal, false",
    "internal, false",
    "minio, false"
  })
  void opensExactlyTheNamedHost(String host, boolean open) {
    assertThat(EgressAllow.parse("Minio.internal").opens(host)).isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_service", "a", "xn--bcher-kva.example", "a-1.b2.c", "host.example."})
  void knowsHostNames(String name) {
    assertThat(EgressAllow.parse(name).opens(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "10.0.0.5/8",
        "10.0.0",
        "256.1.1.1",
        "1.2.3.4.5",
        "::/129",
        "fe80::1/10",
        "::g",
        "1:2",
        "example.com/8",
        "localhost:8080",
        "http://example.com",
        "*.example.com",
        "-a.example",
        "a..b",
        ".a",
        "bücher.example",
        "a b",
        "a.0",
        "."
      })
  void namesTheEntryThatIsWrong(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EgressAllow.parse("127.0.0.0/8," + entry + ",localhost"))
        .withMessageStartingWith("'" + entry + "' is ");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "a,", ",a", "a,,b"})
  void refusesAnEmptyEntry(String list) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EgressAllow.parse(list))
        .withMessageStartingWith("'' is ");
  }

  @Test
  void tellsTheRangeThatWasMeant() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EgressAllow.parse("10.1.2.3/12"))
        .withMessageContaining("10.0.0.0/12");
  }
}
