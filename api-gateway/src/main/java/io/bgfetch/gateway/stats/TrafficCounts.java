package io.bgfetch.gateway.stats;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came for each tenant and is not written yet: as many entries as there are such tenants. */
final class TrafficCounts {

  private SortedMap<String, Traffic> byTenant = new TreeMap<>();

  /** So much more came; or it was taken to be written, and that failed. */
  void add(Map<String, Traffic> more) {
    more.forEach((tenant, traffic) -> byTenant.merge(tenant, traffic, Traffic::plus));
  }

  /** What came since the last time, in order of the tenants' names. */
  SortedMap<String, Traffic> take() {
    SortedMap<String, Traffic> taken = byTenant;
    byTenant = new TreeMap<>();
    return taken;
  }
}
