package io.bgfetch.gateway.shard;

import io.bgfetch.message.ControlMessage.Block;
import java.util.HashSet;
import java.util.Set;

/**
 * Who may have how many more records waiting: dynamic thresholds (Choudhury and Hahne, 1998) in two
 * levels. A tenant may come to have twice as many waiting as slots are left free, a registration
 * twice as many as are left to its tenant, and a host as many as are left free, unless it is
 * blocked, and never more than its own part of the window. So somebody new finds a free slot at
 * once, whoever is alone gets more than half of the window, and a host that never answers half of
 * its floor. Who has nothing waiting may always have one of what is left.
 *
 * <p>What is left of a host is shared in two levels too: of records that were never tried, a tenant
 * may come to have four times as many waiting for it as it has left, and a registration as many as
 * are left to its tenant, or a few. So a list that fills a slow host leaves room at it for somebody
 * new, and whoever is alone there gets two thirds of it.
 *
 * <p>What a step means to hand out counts as if it waited already; {@link #begin} forgets it.
 */
final class FairShares {

  /** So many may wait for a host of any registration, as long as the host has room at all. */
  private static final int FEW = 8;

  private final Window window;
  private final Tally tally;
  private final Blocks blocks;
  private final Counts tenants = new Counts();
  private final Counts hosts = new Counts();
  private final Counts tenantsAtHosts = new Counts();
  private final Counts registrationsAtHosts = new Counts();
  private int given;

  FairShares(Window window, Tally tally, Blocks blocks) {
    this.window = window;
    this.tally = tally;
    this.blocks = blocks;
  }

  void begin() {
    tenants.clear();
    hosts.clear();
    tenantsAtHosts.clear();
    registrationsAtHosts.clear();
    given = 0;
  }

  /** Slots that nobody has. */
  int free() {
    return window.free(tally.waiting() + given);
  }

  /** Whether anything is left to a tenant. */
  boolean isLeftTo(String tenant) {
    return leftTo(tenant) > 0;
  }

  private int leftTo(String tenant) {
    return 2 * free() - tally.waitingOf(tenant) - tenants.of(tenant);
  }

  /**
   * How many records more a registration may have waiting. Each of them takes from what is left as
   * well: the threshold holds once they are all counted.
   *
   * @param granted what this step means to give it already
   */
  int of(ActiveRegistration registration, int granted) {
    int leftToTenant = leftTo(registration.terms().tenant());
    if (leftToTenant <= 0) {
      return 0;
    }
    int waits = registration.waiting() + granted;
    int fair = (2 * leftToTenant - waits) / 7;
    return Math.min(free(), Math.max(fair, waits == 0 ? 1 : 0));
  }

  /**
   * How many records more of a registration may wait for a host. Rounded up: a threshold may be
   * passed by a few.
   */
  int of(ActiveRegistration registration, String host) {
    int waits = registration.waitingFor(host) + registrationsAtHosts.of(key(registration, host));
    int least = Math.max(0, FEW - waits);
    return Math.min(of(host), Math.max(least, fair(registration, host, waits)));
  }

  private int fair(ActiveRegistration registration, String host, int waits) {
    String tenant = registration.terms().tenant();
    int waitsForHost = tally.waitingFor(host) + hosts.of(host);
    int left = Math.min(free(), window.most(host)) - waitsForHost;
    int ofTenant = tally.waitingOf(tenant, host) + tenantsAtHosts.of(Tally.atHost(tenant, host));
    return Math.ceilDiv(4 * left - ofTenant - waits, 10);
  }

  private static String key(ActiveRegistration registration, String host) {
    return Tally.atHost(registration.uid().toString(), host);
  }

  /** How many records more may wait for a host. */
  int of(String host) {
    int free = free();
    if (free <= 0 || blocks.until(host) > 0) {
      return 0;
    }
    int waits = tally.waitingFor(host) + hosts.of(host);
    int fair = Math.min((free - waits) / 2, window.most(host) - waits);
    return Math.max(fair, waits == 0 ? 1 : 0);
  }

  void give(ActiveRegistration registration, int records) {
    given += records;
    tenants.add(registration.terms().tenant(), records);
  }

  /** As many are meant for a host; where it may be one of several, for each of them. */
  void give(ActiveRegistration registration, String host, int records) {
    hosts.add(host, records);
    tenantsAtHosts.add(Tally.atHost(registration.terms().tenant(), host), records);
    registrationsAtHosts.add(key(registration, host), records);
  }

  /** Hosts that nothing may be released to now, as far as they are known. */
  Set<String> hostsWithoutRoom() {
    Set<String> without = new HashSet<>();
    for (Block block : blocks.active()) {
      without.add(block.host());
    }
    for (String host : tally.hosts()) {
      if (of(host) == 0) {
        without.add(host);
      }
    }
    return without;
  }
}
