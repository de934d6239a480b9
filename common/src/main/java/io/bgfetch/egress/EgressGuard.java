package io.bgfetch.egress;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The gate that every connection to an origin passes: it turns the host of a URL into the addresses
 * that may be connected to. To be asked anew for every hop of a redirect; the connection must go to
 * one of the returned addresses themselves, never to the name again, or a second look-up could lead
 * elsewhere.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public final class EgressGuard implements Closeable {

  private static final Duration MACHINE_REFRESH = Duration.ofSeconds(30);

  private final EgressAllow allow;
  private final MachineAddresses machine;
  private final AddressRules rules;
  private final HostNames names;

  private EgressGuard(EgressAllow allow, MachineAddresses machine, HostNames names) {
    this.allow = allow;
    this.machine = machine;
    this.rules = new AddressRules(allow, machine);
    this.names = names;
  }

  /** A guard that looks names up as this machine is configured to. */
  public static EgressGuard open(EgressAllow allow) {
    return open(allow, DnsHostNames.ofThisMachine());
  }

  /** A guard that looks names up here, and closes that when it is closed. */
  public static EgressGuard open(EgressAllow allow, HostNames names) {
    return new EgressGuard(allow, MachineAddresses.watch(MACHINE_REFRESH), names);
  }

  static EgressGuard open(EgressAllow allow, MachineAddresses machine, HostNames names) {
    return new EgressGuard(allow, machine, names);
  }

  /**
   * The addresses that a connection to this host may go to.
   *
   * @param host as the WHATWG URL standard serializes it: a name, an IPv4 address, or an IPv6
   *     address in square brackets
   * @return at least one, in the order to try them, carrying no name; fails with an {@link
   *     EgressFailure} and nothing else. Completes on the caller's Vert.x context if it has one.
   */
  public Future<List<InetSocketAddress>> resolve(String host, int port) {
    return onCallersContext(candidates(host).compose(found -> judged(host, found)))
        .map(addresses -> withPort(addresses, port));
  }

  /** Bytes, since the JDK cannot hold an IPv4-mapped address. */
  private Future<List<byte[]>> candidates(String host) {
    return IpLiteral.parse(host)
        .map(literal -> Future.succeededFuture(List.of(literal)))
        .orElseGet(
            () ->
                names
                    .addressesOf(host)
                    .map(found -> found.stream().map(InetAddress::getAddress).toList()));
  }

  private Future<List<byte[]>> judged(String host, List<byte[]> candidates) {
    if (allow.opens(host)) {
      return Future.succeededFuture(candidates);
    }
    List<byte[]> allowed = new ArrayList<>();
    List<RefusedAddress> refused = new ArrayList<>();
    for (byte[] address : candidates) {
      switch (rules.judge(address)) {
        case Verdict.Allowed a -> allowed.add(address);
        case Verdict.Refused(String rule) ->
            refused.add(new RefusedAddress(host, IpLiteral.format(address), rule));
      }
    }
    return allowed.isEmpty()
        ? Future.failedFuture(refused.isEmpty() ? new UnknownHost(host) : refused.getFirst())
        : Future.succeededFuture(allowed);
  }

  private static List<InetSocketAddress> withPort(List<byte[]> addresses, int port) {
    return addresses.stream()
        .map(address -> new InetSocketAddress(IpLiteral.toInetAddress(address), port))
        .toList();
  }

  private static <T> Future<T> onCallersContext(Future<T> future) {
    Context context = Vertx.currentContext();
    return context == null
        ? future
        : Future.fromCompletionStage(future.toCompletionStage(), context);
  }

  @Override
  public void close() {
    names.close();
    machine.close();
  }
}
