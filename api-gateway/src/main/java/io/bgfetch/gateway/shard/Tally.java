package io.bgfetch.gateway.shard;

import java.util.Set;

/**
 * What a shard has out there: how many records wait, which means that they are released and nobody
 * said that they have started, in all, by tenant and by host; and how many are parked.
 */
final class Tally {

  private final Window window;
  private final Counts tenants = new Counts();
  private final Counts hosts = new Counts();
  private int waiting;
  private int parked;

  /** One that tells the window what is settled. */
  Tally(Window window) {
    this.window = window;
  }

  /** A record of this tenant, for this host, waits from now on. */
  void waits(String tenant, String host) {
    count(tenant, host, 1);
  }

  /** It has started, or ended, or is not released any more. */
  void waitsNoMore(String tenant, String host) {
    count(tenant, host, -1);
  }

  private void count(String tenant, String host, int more) {
    waiting += more;
    tenants.add(tenant, more);
    hosts.add(host, more);
  }

  void parked(int more) {
    parked += more;
  }

  void settled(String host) {
    window.settled(host);
  }

  int waiting() {
    return waiting;
  }

  int waitingOf(String tenant) {
    return tenants.of(tenant);
  }

  int waitingFor(String host) {
    return hosts.of(host);
  }

  /** The hosts that records wait for. */
  Set<String> hosts() {
    return hosts.names();
  }

  int parked() {
    return parked;
  }
}
