package io.bgfetch.egress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What configuration opens although it is special-purpose: ranges of addresses, and host names.
 *
 * <p>A range opens the addresses in it, this machine's own included, whichever way they are
 * reached; how that goes with IPv4 inside IPv6 is told at {@link AddressRules}. A name opens
 * whatever that very host name resolves to (not its subdomains, and not the same address under
 * another name). Immutable.
 */
public final class EgressAllow {

  /** Opens nothing. */
  public static final EgressAllow NOTHING = new EgressAllow(List.of(), Set.of());

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*"
              + "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+");

  private final List<Cidr> ranges;
  private final Set<String> names;

  private EgressAllow(List<Cidr> ranges, Set<String> names) {
    this.ranges = List.copyOf(ranges);
    this.names = Set.copyOf(names);
  }

  /**
   * Reads a comma-separated list of CIDRs, addresses and host names; a blank list opens nothing.
   *
   * @throws IllegalArgumentException whose message names the entry that is none of these, and why
   */
  public static EgressAllow parse(String list) {
    if (list.isBlank()) {
      return NOTHING;
    }
    List<Cidr> ranges = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : list.split(",", -1)) {
      String entry = part.strip();
      if (looksLikeAddress(entry)) {
        ranges.add(range(entry));
      } else {
        names.add(name(entry));
      }
    }
    return new EgressAllow(ranges, names);
  }

  /** Whether a range opens this address. */
  boolean opens(byte[] address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** Whether this host name is opened, wherever it leads. */
  boolean opens(String host) {
    return names.contains(canonical(host));
  }

  /** A host whose last label is a number is an IPv4 address or nothing (WHATWG URL section 3.5). */
  private static boolean looksLikeAddress(String entry) {
    return entry.indexOf('/') >= 0
        || entry.indexOf(':') >= 0
        || NUMERIC_END.matcher(entry).matches();
  }

  private static Cidr range(String entry) {
    try {
      return Cidr.parse(entry);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + entry + "' is no CIDR: " + e.getMessage(), e);
    }
  }

  private static String name(String entry) {
    String name = canonical(entry);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + entry + "' is neither a CIDR nor a host name (in ASCII, without wildcards)");
    }
    return name;
  }

  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  @Override
  public String toString() {
    return "EgressAllow" + ranges + names;
  }
}
