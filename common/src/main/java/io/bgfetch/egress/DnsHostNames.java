package io.bgfetch.egress;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.HostsFileEntriesProvider;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Host names as this machine knows them: the hosts file, then {@code localhost} and everything
 * under it (RFC 6761 section 6.3), then DNS with the search list of resolv.conf.
 *
 * <p>A stub resolver of its own on Netty's DNS client, because Netty's own resolving joins the
 * answers for A and AAAA and for the search list so that a SERVFAIL may end as "unknown host", and
 * whether a record is tried again hangs on that; and because it follows referrals to name servers
 * that an answer names, which nobody has judged.
 */
final class DnsHostNames implements HostNames {

  private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LOOKUP_DEADLINE = Duration.ofSeconds(5);
  private static final int CACHED_NAMES = 4096;
  private static final int ROUNDS = 2;
  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;
  private static final String LOCALHOST = "localhost";
  private static final List<InetAddress> LOOPBACK =
      List.of(
          IpLiteral.toInetAddress(new byte[] {127, 0, 0, 1}),
          IpLiteral.toInetAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));

  private final HostsFileEntriesProvider hosts;
  private final ResolverConfiguration configuration;
  private final DnsClient client;
  private final InstantSource clock;
  private final DnsCache cache;

  DnsHostNames(
      HostsFileEntriesProvider hosts,
      ResolverConfiguration configuration,
      DnsClient client,
      InstantSource clock) {
    this.hosts = hosts;
    this.configuration = configuration;
    this.client = client;
    this.clock = clock;
    this.cache = new DnsCache(CACHED_NAMES, clock);
  }

  /** Reads the hosts file and resolv.conf, once. */
  static DnsHostNames ofThisMachine() {
    return new DnsHostNames(
        HostsFileEntriesProvider.parser().parseSilently(),
        ResolverConfiguration.ofThisMachine(),
        new DnsClient(QUERY_TIMEOUT),
        InstantSource.system());
  }

  @Override
  public Future<List<InetAddress>> addressesOf(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    List<InetAddress> local = localAddresses(relative);
    if (!local.isEmpty()) {
      return Future.succeededFuture(local);
    }
    if (!isWellFormed(relative)) {
      return Future.failedFuture(new UnknownHost(host));
    }
    return cache.get(name, () -> lookUp(name)).compose(answer -> toFuture(host, answer));
  }

  /** The machine's own table comes first, so that who runs it may move even localhost. */
  private List<InetAddress> localAddresses(String name) {
    List<InetAddress> listed =
        Stream.of(hosts.ipv4Entries(), hosts.ipv6Entries())
            .flatMap(entries -> entries.getOrDefault(name, List.of()).stream())
            .toList();
    boolean loopback = name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST);
    return listed.isEmpty() && loopback ? LOOPBACK : listed;
  }

  private Future<DnsAnswer> lookUp(String name) {
    return search(configuration.candidates(name), clock.instant().plus(LOOKUP_DEADLINE));
  }

  /** A failure ends the search: a later candidate would be another host than the one meant. */
  private Future<DnsAnswer> search(List<String> candidates, Instant deadline) {
    List<String> others = candidates.subList(1, candidates.size());
    return askForBothFamilies(candidates.getFirst(), deadline)
        .compose(
            answer ->
                answer instanceof DnsAnswer.NoAddress && !others.isEmpty()
                    ? search(others, deadline)
                    : Future.succeededFuture(answer));
  }

  private Future<DnsAnswer> askForBothFamilies(String name, Instant deadline) {
    Future<DnsAnswer> ipv4 = ask(name, DnsRecordType.A, 0, deadline);
    Future<DnsAnswer> ipv6 = ask(name, DnsRecordType.AAAA, 0, deadline);
    return Future.all(ipv4, ipv6).map(both -> ipv4.result().and(ipv6.result()));
  }

  /** Asks the servers in turn until one can say. */
  private Future<DnsAnswer> ask(String name, DnsRecordType type, int attempt, Instant deadline) {
    List<InetSocketAddress> servers = configuration.servers();
    boolean last = attempt + 1 == ROUNDS * servers.size();
    return client
        .ask(servers.get(attempt % servers.size()), name, type)
        .compose(
            answer ->
                answer instanceof DnsAnswer.Failed && !last && clock.instant().isBefore(deadline)
                    ? ask(name, type, attempt + 1, deadline)
                    : Future.succeededFuture(answer));
  }

  private static Future<List<InetAddress>> toFuture(String host, DnsAnswer answer) {
    return switch (answer) {
      case DnsAnswer.Found found -> Future.succeededFuture(found.addresses());
      case DnsAnswer.NoAddress none -> Future.failedFuture(new UnknownHost(host));
      case DnsAnswer.Failed failed ->
          Future.failedFuture(new ResolutionFailed(host, failed.reason()));
    };
  }

  /** RFC 1035 section 2.3.4; what a URL may hold but DNS cannot is nobody's name. */
  private static boolean isWellFormed(String name) {
    return name.length() <= MAX_NAME
        && Arrays.stream(name.split("\\.", -1))
            .allMatch(label -> !label.isEmpty() && label.length() <= MAX_LABEL);
  }

  @Override
  public void close() {
    client.close();
  }
}
