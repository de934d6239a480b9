package io.bgfetch.egress;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of this machine's own interfaces, looked up at the start and again and again on a
 * thread of its own, since asking the system may block. When a look-up fails, the last addresses
 * stay.
 */
final class MachineAddresses implements Supplier<Set<InetAddress>>, Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(MachineAddresses.class);

  private final Lookup lookup;
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bgfetch-machine-addresses").factory());
  private volatile Set<InetAddress> addresses = Set.of();

  /** Asks the system. */
  @FunctionalInterface
  interface Lookup {
    Set<InetAddress> addresses() throws IOException;
  }

  private MachineAddresses(Lookup lookup) {
    this.lookup = lookup;
  }

  /** The addresses of all interfaces, read before this returns and once per {@code interval}. */
  static MachineAddresses watch(Duration interval) {
    return watch(interval, MachineAddresses::ofAllInterfaces);
  }

  static MachineAddresses watch(Duration interval, Lookup lookup) {
    MachineAddresses machine = new MachineAddresses(lookup);
    machine.refresh();
    long millis = interval.toMillis();
    machine.refresher.scheduleWithFixedDelay(machine::refresh, millis, millis, MILLISECONDS);
    return machine;
  }

  @Override
  public Set<InetAddress> get() {
    return addresses;
  }

  private void refresh() {
    try {
      addresses = lookup.addresses();
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().setCause(e).log("could not read this machine's addresses");
    }
  }

  private static Set<InetAddress> ofAllInterfaces() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .collect(toUnmodifiableSet());
  }

  @Override
  public void close() {
    refresher.shutdownNow();
  }
}
