package io.bgfetch.egress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressGuardTest {

  private final FakeHostNames names = new FakeHostNames();
  private EgressGuard guard = guard("");

  private EgressGuard guard(String allow) {
    MachineAddresses machine =
        MachineAddresses.watch(
            Duration.ofHours(1),
            () -> Set.of(IpLiteral.toInetAddress(AddressRange.bytesOf("93.184.216.99"))));
    return EgressGuard.open(EgressAllow.parse(allow), machine, names);
  }

  @AfterEach
  void closesWhatItWasGiven() {
    guard.close();

    assertThat(names.closed).isTrue();
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(IpLiteral.toInetAddress(AddressRange.bytesOf(literal)), port);
  }

  private RefusedAddress refusal(String host) {
    Future<List<InetSocketAddress>> addresses = guard.resolve(host, 80);
    assertThat(addresses.cause()).isInstanceOf(RefusedAddress.class);
    return (RefusedAddress) addresses.cause();
  }

  @Test
  void returnsTheAddressesOfANameInOrder() {
    names.with("example.com", "93.184.216.34", "2600:1::1", "93.184.216.35");

    assertThat(guard.resolve("example.com", 8443).result())
        .containsExactly(
            address("93.184.216.34", 8443),
            address("2600:1::1", 8443),
            address("93.184.216.35", 8443));
  }

  @Test
  void returnsAddressesThatNothingCanLookUpAgain() {
    names.with("example.com", "93.184.216.34");

    InetSocketAddress first = guard.resolve("example.com", 80).result().getFirst();

    assertThat(first.isUnresolved()).isFalse();
    assertThat(first.getHostString()).isEqualTo("93.184.216.34");
  }

  @Test
  void usesOnlyTheAllowedOnesOfMixedAddresses() {
    names.with("mixed.example", "10.0.0.1", "93.184.216.34", "::1", "93.184.216.99", "2600:1::1");

    assertThat(guard.resolve("mixed.example", 80).result())
        .containsExactly(address("93.184.216.34", 80), address("2600:1::1", 80));
  }

  @Test
  void namesHostAddressAndRuleWhenNoneIsLeft() {
    names.with("rebound.example", "127.0.0.1", "10.0.0.1");

    RefusedAddress refusal = refusal("rebound.example");

    assertThat(refusal.host()).isEqualTo("rebound.example");
    assertThat(refusal.address()).isEqualTo("127.0.0.1");
    assertThat(refusal.rule())
        .isEqualTo("127.0.0.0/8 is loopback (RFC 1122), a special-purpose address");
    assertThat(refusal)
        .hasMessage(
            "address 127.0.0.1 of rebound.example is refused:"
                + " 127.0.0.0/8 is loopback (RFC 1122), a special-purpose address");
    assertThat(refusal.mayPass()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.0/8",
    "0.0.0.0, 0.0.0.0, 0.0.0.0/32",
    "169.254.169.254, 169.254.169.254, 169.254.169.254/32",
    "[::1], ::1, ::1/128",
    "[::ffff:7f00:1], ::ffff:7f00:1, ::ffff:0:0/96",
    "[::ffff:5db8:d822], ::ffff:5db8:d822, ::ffff:0:0/96",
    "[64:ff9b::7f00:1], 64:ff9b::7f00:1, 64:ff9b::/96"
  })
  void judgesLiteralsWithoutLookingThemUp(String host, String address, String range) {
    RefusedAddress refusal = refusal(host);

    assertThat(refusal.address()).isEqualTo(address);
    assertThat(refusal.rule()).startsWith(range + " is ");
    assertThat(refusal).hasMessage("address " + address + " is refused: " + refusal.rule());
  }

  @Test
  void returnsAnAllowedLiteral() {
    assertThat(guard.resolve("[2600:1::1]", 443).result())
        .containsExactly(address("2600:1::1", 443));
  }

  @Test
  void refusesTheMachinesOwnAddress() {
    assertThat(refusal("93.184.216.99").rule()).contains("this machine");
  }

  @Test
  void opensRanges() {
    guard.close();
    guard = guard("127.0.0.0/8");
    names.with("localhost", "127.0.0.1", "::1");

    assertThat(guard.resolve("localhost", 80).result()).containsExactly(address("127.0.0.1", 80));
    assertThat(guard.resolve("127.1.2.3", 80).result()).containsExactly(address("127.1.2.3", 80));
  }

  @Test
  void opensWhateverAnOpenedNameResolvesTo() {
    guard.close();
    guard = guard("minio.internal");
    names.with("minio.internal", "10.0.0.1", "fd00::1").with("other.internal", "10.0.0.1");

    assertThat(guard.resolve("minio.internal", 9000).result())
        .containsExactly(address("10.0.0.1", 9000), address("fd00::1", 9000));
    assertThat(refusal("other.internal").address()).isEqualTo("10.0.0.1");
    assertThat(refusal("10.0.0.1").address()).isEqualTo("10.0.0.1");
  }

  @Test
  void passesOnWhyANameHasNoAddress() {
    UnknownHost unknown = new UnknownHost("gone.example");
    ResolutionFailed failed = new ResolutionFailed("slow.example", "SERVFAIL");
    names.failing("gone.example", unknown).failing("slow.example", failed);

    assertThat(guard.resolve("gone.example", 80).cause()).isSameAs(unknown);
    assertThat(guard.resolve("slow.example", 80).cause()).isSameAs(failed);
    assertThat(unknown.mayPass()).isFalse();
    assertThat(failed.mayPass()).isTrue();
  }

  @Nested
  class OnAVertxContext {

    private final Vertx vertx = Vertx.vertx();
    private final Context caller = vertx.getOrCreateContext();
    private final Promise<List<InetAddress>> lookup = Promise.promise();

    @AfterEach
    void close() throws Exception {
      await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
      return future.toCompletionStage().toCompletableFuture().get(5, SECONDS);
    }

    /** Asks on the context for a name whose look-up this thread ends afterwards. */
    private Future<Throwable> failureThat(Consumer<Throwable> sees) throws Exception {
      Promise<Throwable> failed = Promise.promise();
      Promise<Void> asked = Promise.promise();
      names.answering("slow.example", lookup.future());
      caller.runOnContext(
          v -> {
            guard
                .resolve("slow.example", 80)
                .onFailure(
                    failure -> {
                      sees.accept(failure);
                      failed.complete(failure);
                    });
            asked.complete();
          });
      await(asked.future());
      return failed.future();
    }

    @Test
    void answersThere() throws Exception {
      AtomicReference<Context> answeredOn = new AtomicReference<>();
      Future<Throwable> failure = failureThat(seen -> answeredOn.set(Vertx.currentContext()));

      lookup.complete(List.of(IpLiteral.toInetAddress(new byte[] {10, 0, 0, 1})));

      assertThat(await(failure)).isInstanceOf(RefusedAddress.class);
      assertThat(answeredOn.get()).isSameAs(caller);
    }

    @Test
    void keepsTheKindOfFailure() throws Exception {
      ResolutionFailed cause = new ResolutionFailed("slow.example", "SERVFAIL");
      Future<Throwable> failure = failureThat(seen -> {});

      lookup.fail(cause);

      assertThat(await(failure)).isSameAs(cause);
    }
  }
}
