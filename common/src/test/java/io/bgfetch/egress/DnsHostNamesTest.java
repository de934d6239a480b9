package io.bgfetch.egress;

import static io.netty.handler.codec.dns.DnsRecordType.A;
import static io.netty.handler.codec.dns.DnsRecordType.AAAA;
import static io.netty.handler.codec.dns.DnsResponseCode.REFUSED;
import static io.netty.handler.codec.dns.DnsResponseCode.SERVFAIL;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.resolver.HostsFileEntriesProvider;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsHostNamesTest {

  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final DnsServer server = new DnsServer();
  private final DnsServer second = new DnsServer();
  private volatile Instant now = Instant.EPOCH;
  private DnsHostNames names = names(LONG, List.of(), server.address());

  private DnsHostNames names(Duration timeout, List<String> search, InetSocketAddress... servers) {
    return names(hosts(""), new ResolverConfiguration(List.of(servers), search, 1), timeout);
  }

  private static HostsFileEntriesProvider hosts(String lines) {
    try {
      return HostsFileEntriesProvider.parser().parse(new StringReader(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DnsHostNames names(
      HostsFileEntriesProvider hosts, ResolverConfiguration configuration, Duration timeout) {
    return new DnsHostNames(hosts, configuration, new DnsClient(timeout), () -> now);
  }

  private void use(DnsHostNames other) {
    names.close();
    names = other;
  }

  @AfterEach
  void close() {
    names.close();
    server.close();
    second.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }

  private List<String> lookUp(String name) throws Exception {
    return await(names.addressesOf(name)).stream().map(InetAddress::getHostAddress).toList();
  }

  private Throwable failure(String name) throws Exception {
    try {
      return new AssertionError("resolved to " + lookUp(name));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  void asksForBothFamiliesAndPutsIpv4First() throws Exception {
    server.answers("both.example", AAAA, 60, "2600:1:0:0:0:0:0:1");
    server.answers("both.example", A, 60, "93.184.216.34", "93.184.216.35");

    assertThat(lookUp("both.example"))
        .containsExactly("93.184.216.34", "93.184.216.35", "2600:1:0:0:0:0:0:1");
    assertThat(server.questions).containsExactlyInAnyOrder("both.example. A", "both.example. AAAA");
  }

  @Test
  void takesTheAddressesAtTheEndOfAnAlias() throws Exception {
    server.answersByAlias("www.example", "cdn.example", A, "93.184.216.34");

    assertThat(lookUp("www.example")).containsExactly("93.184.216.34");
  }

  @Test
  void asksAgainOverTcpWhenTheAnswerWasCut() throws Exception {
    server.cutsDatagrams = true;
    server.answers("large.example", A, 60, "93.184.216.34");

    assertThat(lookUp("large.example")).containsExactly("93.184.216.34");
  }

  @Nested
  class WhenThereIsNoAddress {

    @Test
    void isCertainAfterNxdomain() throws Exception {
      assertThat(failure("gone.example"))
          .isInstanceOf(UnknownHost.class)
          .hasMessageContaining("gone.example");
    }

    @Test
    void isCertainForANameWithoutAddresses() throws Exception {
      server.answers("mail.example", A, 60).answers("mail.example", AAAA, 60);

      assertThat(failure("mail.example")).isInstanceOf(UnknownHost.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a.."})
    void isCertainForWhatDnsCannotHold(String name) throws Exception {
      assertThat(failure(name)).isInstanceOf(UnknownHost.class);
      assertThat(server.questions).isEmpty();
    }

    @Test
    void isCertainForNamesThatAreTooLong() throws Exception {
      assertThat(failure("a".repeat(64) + ".example")).isInstanceOf(UnknownHost.class);
      assertThat(failure("a.".repeat(127) + "a")).isInstanceOf(UnknownHost.class);
      assertThat(server.questions).isEmpty();
    }
  }

  @Nested
  class WhenTheServerFails {

    @Test
    void mayPassAfterServfail() throws Exception {
      server.fails("sick.example", A, SERVFAIL).fails("sick.example", AAAA, SERVFAIL);

      assertThat(failure("sick.example"))
          .isInstanceOf(ResolutionFailed.class)
          .hasMessageContaining("sick.example")
          .hasMessageContaining("ServFail");
    }

    @Test
    void mayPassAfterServfailForOneFamilyAndNothingForTheOther() throws Exception {
      server.fails("a.example", A, SERVFAIL).answers("a.example", AAAA, 60);
      server.answers("b.example", A, 60).fails("b.example", AAAA, SERVFAIL);

      assertThat(failure("a.example")).isInstanceOf(ResolutionFailed.class);
      assertThat(failure("b.example")).isInstanceOf(ResolutionFailed.class);
    }

    @Test
    void usesTheFamilyThatCame() throws Exception {
      server.answers("half.example", A, 60, "93.184.216.34");
      server.fails("half.example", AAAA, SERVFAIL);

      assertThat(lookUp("half.example")).containsExactly("93.184.216.34");
    }

    @Test
    void mayPassWhenItIsSilent() throws Exception {
      server.silent = true;
      use(names(SHORT, List.of(), server.address()));

      assertThat(failure("quiet.example"))
          .isInstanceOf(ResolutionFailed.class)
          .hasMessageContaining("in time");
    }

    @Test
    void asksEachServerTwiceAndNoMore() throws Exception {
      server.fails("sick.example", A, REFUSED);
      second.fails("sick.example", A, REFUSED);
      use(names(LONG, List.of(), server.address(), second.address()));

      assertThat(failure("sick.example")).isInstanceOf(ResolutionFailed.class);
      assertThat(server.questions).filteredOn("sick.example. A"::equals).hasSize(2);
      assertThat(second.questions).filteredOn("sick.example. A"::equals).hasSize(2);
    }

    @Test
    void turnsToTheNextOne() throws Exception {
      server.silent = true;
      second.answers("there.example", A, 60, "93.184.216.34");
      use(names(SHORT, List.of(), server.address(), second.address()));

      assertThat(lookUp("there.example")).containsExactly("93.184.216.34");
    }

    @Test
    void asksNoMoreOnceTheDeadlineIsOver() throws Exception {
      server.fails("sick.example", A, SERVFAIL).fails("sick.example", AAAA, SERVFAIL);
      server.beforeAnswering = () -> now = now.plusSeconds(5);

      assertThat(failure("sick.example")).isInstanceOf(ResolutionFailed.class);
      assertThat(server.questions).filteredOn("sick.example. A"::equals).hasSize(1);
    }
  }

  @Nested
  class WithASearchList {

    @Test
    void findsAShortNameInIt() throws Exception {
      use(names(LONG, List.of("one.example", "two.example"), server.address()));
      server.answers("minio.two.example", A, 60, "10.0.0.1");

      assertThat(lookUp("minio")).containsExactly("10.0.0.1");
    }

    @Test
    void asksForAnAbsoluteNameOnly() throws Exception {
      use(names(LONG, List.of("one.example"), server.address()));

      assertThat(failure("minio.")).isInstanceOf(UnknownHost.class);
      assertThat(server.questions).containsExactlyInAnyOrder("minio. A", "minio. AAAA");
    }

    @Test
    void neverTurnsAFailureIntoAnotherHost() throws Exception {
      use(names(LONG, List.of("one.example"), server.address()));
      server.fails("www.example", A, SERVFAIL);
      server.answers("www.example.one.example", A, 60, "10.0.0.1");

      assertThat(failure("www.example")).isInstanceOf(ResolutionFailed.class);
    }
  }

  @Nested
  class WhenAskedAgain {

    private static int askedFor(DnsServer server, String question) {
      return (int) server.questions.stream().filter(question::equals).count();
    }

    @Test
    void remembersForTheTimeThatTheAnswerHolds() throws Exception {
      server.answers("kept.example", A, 10, "93.184.216.34");

      assertThat(lookUp("kept.example")).hasSize(1);
      now = now.plusSeconds(9);
      assertThat(lookUp("KEPT.example")).hasSize(1);
      assertThat(askedFor(server, "kept.example. A")).isEqualTo(1);

      now = now.plusSeconds(1);
      assertThat(lookUp("kept.example")).hasSize(1);
      assertThat(askedFor(server, "kept.example. A")).isEqualTo(2);
    }

    @Test
    void remembersForTheShortestTimeInAChainOfAliases() throws Exception {
      server.answersByAlias("www.example", "cdn.example", A, "93.184.216.34");

      assertThat(lookUp("www.example")).hasSize(1);
      now = now.plusSeconds(1);
      assertThat(lookUp("www.example")).hasSize(1);

      assertThat(askedFor(server, "www.example. A")).isEqualTo(2);
    }

    @Test
    void remembersForTheShorterTimeOfTheTwoFamilies() throws Exception {
      server.answers("both.example", A, 10, "93.184.216.34");
      server.answers("both.example", AAAA, 5, "2600:1::1");

      assertThat(lookUp("both.example")).hasSize(2);
      now = now.plusSeconds(5);
      assertThat(lookUp("both.example")).hasSize(2);

      assertThat(askedFor(server, "both.example. A")).isEqualTo(2);
    }

    @Test
    void remembersNothingForLong() throws Exception {
      server.answers("old.example", A, 86_400, "93.184.216.34");

      assertThat(lookUp("old.example")).hasSize(1);
      now = now.plus(DnsCache.LONGEST);
      assertThat(lookUp("old.example")).hasSize(1);

      assertThat(askedFor(server, "old.example. A")).isEqualTo(2);
    }

    @Test
    void remembersThatThereIsNoAddressForAMoment() throws Exception {
      assertThat(failure("gone.example")).isInstanceOf(UnknownHost.class);
      server.answers("gone.example", A, 60, "93.184.216.34");
      assertThat(failure("gone.example")).isInstanceOf(UnknownHost.class);

      now = now.plus(DnsCache.NO_ADDRESS);
      assertThat(lookUp("gone.example")).hasSize(1);
    }

    @Test
    void forgetsFailuresAtOnce() throws Exception {
      server.fails("sick.example", A, SERVFAIL);
      assertThat(failure("sick.example")).isInstanceOf(ResolutionFailed.class);

      server.answers("sick.example", A, 60, "93.184.216.34");
      assertThat(lookUp("sick.example")).hasSize(1);
    }

    @Test
    void sharesALookUpThatIsUnderWay() throws Exception {
      server.answers("busy.example", A, 0, "93.184.216.34");
      CountDownLatch bothAsked = new CountDownLatch(1);
      server.beforeAnswering = () -> awaitLatch(bothAsked);

      Future<List<InetAddress>> first = names.addressesOf("busy.example");
      Future<List<InetAddress>> other = names.addressesOf("busy.example");
      bothAsked.countDown();

      assertThat(await(first)).isEqualTo(await(other)).hasSize(1);
      assertThat(askedFor(server, "busy.example. A")).isEqualTo(1);
    }

    private static void awaitLatch(CountDownLatch latch) {
      try {
        assertThat(latch.await(10, SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class WhenTheMachineKnowsTheNameItself {

    @ParameterizedTest
    @ValueSource(
        strings = {"localhost", "LocalHost", "localhost.", "a.localhost", "a.b.localhost."})
    void resolvesLocalhostToLoopback(String name) throws Exception {
      assertThat(lookUp(name)).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
      assertThat(server.questions).isEmpty();
    }

    @Test
    void asksForNamesThatOnlyLookLikeLocalhost() throws Exception {
      assertThat(failure("notlocalhost")).isInstanceOf(UnknownHost.class);
      assertThat(failure("localhost.example")).isInstanceOf(UnknownHost.class);
    }

    @Test
    void readsTheHostsFileFirst() throws Exception {
      String lines = "10.0.0.1 Backend backend.example\nfd00::1 backend\n127.0.0.9 localhost\n";
      use(
          names(
              hosts(lines),
              new ResolverConfiguration(List.of(server.address()), List.of(), 1),
              LONG));

      assertThat(lookUp("backend")).containsExactly("10.0.0.1", "fd00:0:0:0:0:0:0:1");
      assertThat(lookUp("BACKEND.example.")).containsExactly("10.0.0.1");
      assertThat(lookUp("localhost")).containsExactly("127.0.0.9");
      assertThat(server.questions).isEmpty();
    }
  }

  @Test
  void failsOnceItIsClosed() throws Exception {
    names.close();

    assertThat(failure("any.example")).isInstanceOf(ResolutionFailed.class);
  }

  @Test
  void endsWhatIsUnderWayWhenItIsClosed() throws Exception {
    server.silent = true;
    Future<List<InetAddress>> lookup = names.addressesOf("any.example");
    Awaitility.await().until(() -> server.questions.size() == 2);

    names.close();

    assertThatThrownBy(() -> lookup.toCompletionStage().toCompletableFuture().get(2, SECONDS))
        .hasCauseInstanceOf(ResolutionFailed.class)
        .hasMessageContaining("closed");
  }

  @Test
  void knowsLocalhostOnThisMachine() throws Exception {
    use(DnsHostNames.ofThisMachine());

    assertThat(lookUp("localhost")).contains("127.0.0.1");
  }
}
