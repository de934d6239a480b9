package io.bgfetch.gateway.shard;

import java.util.Map;
import java.util.Set;

/**
 * What a shard has out there: how many records wait, which means that they are released and nobody
 * said that they have started, in all, by tenant, by host and by both; how many run, by tenant; and
 * how many are parked.
 */
final class Tally {

  private final Window window;
  private final Counts tenants = new Counts();
  private final Counts hosts = new Counts();
  private final Counts tenantsAtHosts = new Counts();
  private final Counts running = new Counts();
  private int waiting;
  private int parked;

  /** One that tells the window what is settled. */
  Tally(Window window) {
    this.window = window;
  }

  /** So many records more of this tenant wait for this host, or fewer. */
  void waits(String tenant, String host, int more) {
    waiting += more;
    tenants.add(tenant, more);
    hosts.add(host, more);
    tenantsAtHosts.add(atHost(tenant, host), more);
  }

  /** So many records more of this tenant were said to have started, or fewer are. */
  void runs(String tenant, int more) {
    running.add(tenant, more);
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

  int waitingOf(String tenant, String host) {
    return tenantsAtHosts.of(atHost(tenant, host));
  }

  /** How many records run, by tenant; those that have none are left out. */
  Map<String, Integer> running() {
    return running.all();
  }

  /** One name for both: no host has a space in it. */
  static String atHost(String who, String host) {
    return host + ' ' + who;
  }

  /** The hosts that records wait for. */
  Set<String> hosts() {
    return hosts.names();
  }

  int parked() {
    return parked;
  }
}
