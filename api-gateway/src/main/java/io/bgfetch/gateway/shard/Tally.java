package io.bgfetch.gateway.shard;

import java.util.Set;

/**
 * What a shard has out there: how many records wait, which means that they are released and nobody
 * said that they have started, in all, by tenant and by host; how many are parked; and how many
 * were settled in this step.
 */
final class Tally {

  private final Counts tenants = new Counts();
  private final Counts hosts = new Counts();
  private int waiting;
  private int parked;
  private int settled;

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

  void settled() {
    settled++;
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

  /** Records settled since this was last asked. */
  int takeSettled() {
    int was = settled;
    settled = 0;
    return was;
  }
}
