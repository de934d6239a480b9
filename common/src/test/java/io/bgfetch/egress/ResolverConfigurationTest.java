package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverConfigurationTest {

  private static ResolverConfiguration parse(String text) {
    return ResolverConfiguration.parse(text.lines().toList());
  }

  private static InetSocketAddress server(String literal) {
    return new InetSocketAddress(IpLiteral.toInetAddress(AddressRange.bytesOf(literal)), 53);
  }

  @Test
  void readsServersSearchListAndDots() {
    ResolverConfiguration configuration =
        parse(
            """
            # generated
            nameserver 10.96.0.10
            nameserver fd00::53   # with a comment
            search default.svc.cluster.local svc.cluster.local
            options edns0 ndots:5 timeout:2
            """);

    assertThat(configuration)
        .isEqualTo(
            new ResolverConfiguration(
                List.of(server("10.96.0.10"), server("fd00::53")),
                List.of("default.svc.cluster.local", "svc.cluster.local"),
                5));
  }

  @Test
  void turnsToTheLocalServerWhenItNamesNone() {
    assertThat(parse("").servers()).containsExactly(server("127.0.0.1"));
  }

  @Test
  void skipsWhatItCannotRead() {
    ResolverConfiguration configuration =
        parse(
            """
            nameserver
            nameserver dns.example
            nameserver ::g
            nameserver 10.0.0.1
            options ndots:many
            sortlist 1.2.3.0
            ; nameserver 10.0.0.2
            """);

    assertThat(configuration)
        .isEqualTo(new ResolverConfiguration(List.of(server("10.0.0.1")), List.of(), 1));
  }

  @Test
  void asksThreeServersAtMost() {
    String text = "nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n";

    assertThat(parse(text + "nameserver 10.0.0.4").servers()).hasSize(3);
  }

  @Test
  void triesANameWithEnoughDotsAsItStandsFirst() {
    assertThat(parse("search a b").candidates("x.y")).containsExactly("x.y", "x.y.a", "x.y.b");
  }

  @Test
  void triesAShortNameInTheSearchListFirst() {
    assertThat(parse("search a b").candidates("x")).containsExactly("x.a", "x.b", "x");
    assertThat(parse("search a\noptions ndots:2").candidates("x.y"))
        .containsExactly("x.y.a", "x.y");
  }

  @Test
  void triesAnAbsoluteNameOnlyAsItStands() {
    assertThat(parse("search a b").candidates("x.")).containsExactly("x.");
  }
}
