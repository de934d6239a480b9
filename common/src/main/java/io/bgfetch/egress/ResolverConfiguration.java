package io.bgfetch.egress;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How this machine resolves names, after resolv.conf(5).
 *
 * @param servers the recursive DNS servers in the order to ask them, at least one
 * @param search the domains that a short name is tried in
 * @param ndots a name with at least this many dots is tried as it stands first
 */
record ResolverConfiguration(List<InetSocketAddress> servers, List<String> search, int ndots) {

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final int DNS_PORT = 53;
  private static final int MAX_SERVERS = 3;
  private static final int MAX_NDOTS = 15;
  private static final String NDOTS = "ndots:";

  /** What {@code /etc/resolv.conf} says; the defaults of resolv.conf(5) when it cannot be read. */
  static ResolverConfiguration ofThisMachine() {
    try {
      return parse(Files.readAllLines(RESOLV_CONF));
    } catch (IOException e) {
      return parse(List.of());
    }
  }

  /** Reads the lines of a resolv.conf; what it does not know is skipped, as resolvers do. */
  static ResolverConfiguration parse(List<String> lines) {
    List<InetSocketAddress> servers = new ArrayList<>();
    List<String> search = List.of();
    int ndots = 1;
    for (String line : lines) {
      List<String> words = Arrays.asList(line.strip().split("\\s+"));
      List<String> values = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "nameserver" ->
            values.stream().limit(1).flatMap(v -> server(v).stream()).forEach(servers::add);
        case "search", "domain" -> search = List.copyOf(values);
        case "options" -> ndots = ndots(values).orElse(ndots);
        default -> {}
      }
    }
    return new ResolverConfiguration(limited(servers), search, ndots);
  }

  /** The absolute names to ask for in turn, until one exists. */
  List<String> candidates(String name) {
    if (name.endsWith(".")) {
      return List.of(name);
    }
    List<String> candidates =
        search.stream().map(domain -> name + "." + domain).collect(toCollection(ArrayList::new));
    boolean asItStandsFirst = name.chars().filter(c -> c == '.').count() >= ndots;
    candidates.add(asItStandsFirst ? 0 : candidates.size(), name);
    return candidates;
  }

  /** The local server when there is none, as resolv.conf(5) has it: never a public one unasked. */
  private static List<InetSocketAddress> limited(List<InetSocketAddress> servers) {
    return servers.isEmpty()
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DNS_PORT))
        : servers.stream().limit(MAX_SERVERS).toList();
  }

  private static Optional<InetSocketAddress> server(String address) {
    if (address.indexOf(':') < 0) {
      return IpLiteral.parse(address)
          .map(IpLiteral::toInetAddress)
          .map(ip -> new InetSocketAddress(ip, DNS_PORT));
    }
    try {
      // with a colon it is never looked up, and unlike our own parser the JDK knows zones
      return Optional.of(new InetSocketAddress(InetAddress.getByName(address), DNS_PORT));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> ndots(List<String> options) {
    Stream<String> values =
        options.stream().filter(o -> o.startsWith(NDOTS)).map(o -> o.substring(NDOTS.length()));
    return values
        .filter(value -> value.matches("[0-9]{1,4}"))
        .map(value -> Math.min(Integer.parseInt(value), MAX_NDOTS))
        .findFirst();
  }
}
