package io.bgfetch.gateway.shard;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which faults one run has, and how often each of them struck. */
final class Faults {

  private final RandomGenerator random;
  private final Map<Fault, Double> rates = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
  private boolean over;

  /**
   * Those of a run.
   *
   * @param always which it has in any case, at their full rate
   */
  Faults(RandomGenerator random, Set<Fault> always) {
    this.random = random;
    for (Fault fault : Fault.values()) {
      if (random.nextInt(5) < 2) {
        rates.put(fault, fault.rate() * (0.2 + random.nextDouble()));
      }
    }
    always.forEach(fault -> rates.put(fault, fault.rate()));
  }

  /** Whether it happens now. */
  boolean strikes(Fault fault) {
    Double rate = over ? null : rates.get(fault);
    if (rate == null || random.nextDouble() >= rate) {
      return false;
    }
    struck.merge(fault, 1, Integer::sum);
    return true;
  }

  /** Whether none of these has happened. */
  boolean spared(Set<Fault> those) {
    return those.stream().noneMatch(struck::containsKey);
  }

  /** Nothing goes wrong from now on. */
  void end() {
    over = true;
  }

  Map<Fault, Integer> struck() {
    return struck;
  }
}
