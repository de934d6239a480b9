package io.bgfetch.egress;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What DNS says about the addresses of a name. */
sealed interface DnsAnswer {

  /**
   * There are some.
   *
   * @param addresses at least one
   * @param ttl how long they hold
   */
  record Found(List<InetAddress> addresses, Duration ttl) implements DnsAnswer {}

  /** There are none, and that is certain: NXDOMAIN, or a name without data of that type. */
  record NoAddress() implements DnsAnswer {}

  /** Nobody could say; asking again may help. */
  record Failed(String reason) implements DnsAnswer {}

  /**
   * The answers for two families of addresses as one, this one's addresses first. An address counts
   * although the other family failed; that there is none is certain only when both say so.
   */
  default DnsAnswer and(DnsAnswer other) {
    if (this instanceof Found mine && other instanceof Found others) {
      return new Found(
          Stream.concat(mine.addresses.stream(), others.addresses.stream()).toList(),
          mine.ttl.compareTo(others.ttl) < 0 ? mine.ttl : others.ttl);
    }
    if (this instanceof Found || other instanceof NoAddress) {
      return this;
    }
    return other;
  }
}
