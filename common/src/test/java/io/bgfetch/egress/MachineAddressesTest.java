package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MachineAddressesTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  private static InetAddress ip(String literal) {
    return IpLiteral.toInetAddress(AddressRange.bytesOf(literal));
  }

  @Test
  void areThoseOfTheInterfacesFromTheStart() {
    try (MachineAddresses machine = MachineAddresses.watch(Duration.ofHours(1))) {
      assertThat(machine.get()).contains(ip("127.0.0.1"));
    }
  }

  @Test
  void followTheInterfaces() {
    AtomicInteger lookups = new AtomicInteger();
    MachineAddresses.Lookup changing =
        () -> Set.of(ip(lookups.getAndIncrement() == 0 ? "10.0.0.1" : "10.0.0.2"));

    try (MachineAddresses machine = MachineAddresses.watch(SHORT, changing)) {
      await().untilAsserted(() -> assertThat(machine.get()).containsExactly(ip("10.0.0.2")));
    }
  }

  @Test
  void stayWhenTheyCannotBeReadAndAreReadAgain() {
    AtomicInteger lookups = new AtomicInteger();
    MachineAddresses.Lookup failingOnce =
        () -> {
          return switch (lookups.getAndIncrement()) {
            case 0 -> Set.of(ip("10.0.0.1"));
            case 1 -> throw new IOException("no");
            case 2 -> Set.of(ip("10.0.0.1"), ip("10.0.0.2"));
            default -> Set.of(ip("10.0.0.3"));
          };
        };

    try (MachineAddresses machine = MachineAddresses.watch(SHORT, failingOnce)) {
      assertThat(machine.get()).isNotEmpty();
      await().untilAsserted(() -> assertThat(machine.get()).containsExactly(ip("10.0.0.3")));
    }
  }
}
