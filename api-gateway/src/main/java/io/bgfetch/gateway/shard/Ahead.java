package io.bgfetch.gateway.shard;

import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What is known of the records that a registration releases next: which hosts they name, and from
 * where on. Known is a stretch that begins at the cursor of first releases; of a host in it only
 * this is certain, that no record before its index names it.
 */
final class Ahead {

  /** How far a registration looks beyond its cursor. */
  static final int FAR = 1_024;

  /** How many hosts are remembered; the stretch ends before the first one that is too many. */
  static final int MOST_HOSTS = 64;

  private final Map<String, Integer> hosts = new HashMap<>();
  private int upTo;

  /** The index after the last record that is known. */
  int upTo() {
    return upTo;
  }

  /** Whether it names as many hosts as are remembered, so that looking further tells nothing. */
  boolean full() {
    return hosts.size() >= MOST_HOSTS;
  }

  /** How many records from the cursor on are known. */
  int known(int cursor) {
    return Math.max(0, upTo - cursor);
  }

  /** The hosts that the records of the stretch may name, and no others. */
  Set<String> hosts() {
    return hosts.keySet();
  }

  /** The first record that may name a host of the stretch. */
  int first(String host, int cursor) {
    return Math.max(cursor, hosts.getOrDefault(host, cursor));
  }

  /**
   * The next records were read and are still there: what is before {@code to} is known for certain.
   *
   * @param named the hosts that they name, each with its first index, in the order of those
   */
  void read(int to, SequencedMap<String, Integer> named) {
    int known = upTo;
    hosts.replaceAll((host, first) -> Math.max(first, to));
    hosts.values().removeIf(first -> first >= known);
    upTo = Math.max(known, to);
    add(named);
  }

  /** The records between the end of the stretch and {@code to} were looked at. */
  void extend(int to, SequencedMap<String, Integer> named) {
    upTo = to;
    add(named);
  }

  private void add(SequencedMap<String, Integer> named) {
    for (Map.Entry<String, Integer> one : named.entrySet()) {
      if (hosts.size() >= MOST_HOSTS && !hosts.containsKey(one.getKey())) {
        upTo = one.getValue();
        return;
      }
      hosts.merge(one.getKey(), one.getValue(), Math::min);
    }
  }

  /** Nothing of it is left: everything up to the cursor is released or parked. */
  void movedTo(int cursor) {
    if (cursor >= upTo) {
      hosts.clear();
      upTo = cursor;
    }
  }
}
