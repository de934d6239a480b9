package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.gateway.stats.Traffic;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a shard decided in one step: rows to write in its transaction, and messages to send once
 * that is committed. Filled by the core, read by the shell.
 */
final class Decision {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<RecordId, UnderWay> underWay = new LinkedHashMap<>();
  private final Map<RecordId, String> hosts = new HashMap<>();
  private final List<RecordId> leftUnderWay = new ArrayList<>();
  private final Map<UUID, Change> changes = new LinkedHashMap<>();
  private final List<Release> releases = new ArrayList<>();
  private final Set<ControlMessage> control = new LinkedHashSet<>();
  private final Set<UUID> ended = new LinkedHashSet<>();
  private final SortedMap<String, Long> stored = new TreeMap<>();
  private final Map<String, Traffic> traffic = new HashMap<>();
  private final SortedMap<String, HostBlock> blocks = new TreeMap<>();

  /**
   * The new values of a registration's row.
   *
   * @param version greater than the row's, and at least the time in milliseconds
   * @param result empty while it goes on
   */
  record Change(
      UUID uid,
      int dispatched,
      int settled,
      int succeeded,
      int failed,
      long downloaded,
      long uploaded,
      FetchResult firstFailure,
      RegistrationResult result,
      FetchResult failureReason,
      long version) {}

  /** A job to produce, and the partition of its lane. */
  record Release(FetchJob job, int partition) {}

  void end(Outcome outcome, boolean wasInTable) {
    outcomes.add(outcome);
    RecordId id = new RecordId(outcome.uid(), outcome.index());
    underWay.remove(id);
    if (wasInTable) {
      leftUnderWay.add(id);
    }
  }

  void write(RecordId id, String host, UnderWay state) {
    underWay.put(id, state);
    hosts.put(id, host);
  }

  void change(Change change) {
    changes.put(change.uid(), change);
  }

  /** So many bytes came to what a tenant has stored, or were thrown away. */
  void store(String tenant, long bytes) {
    if (bytes != 0) {
      stored.merge(tenant, bytes, Long::sum);
    }
  }

  /** So much came for a tenant; nothing is decided by it. */
  void count(String tenant, Traffic came) {
    if (!came.isNothing()) {
      traffic.merge(tenant, came, Traffic::plus);
    }
  }

  /** A host is blocked, or for longer. */
  void block(String host, HostBlock block) {
    blocks.put(host, block);
  }

  void release(Release release) {
    releases.add(release);
  }

  void say(ControlMessage message) {
    control.add(message);
  }

  /** The registration ended without us: its end is to be read and published. */
  void foundEnded(UUID uid) {
    ended.add(uid);
  }

  List<Outcome> outcomes() {
    return outcomes;
  }

  Map<RecordId, UnderWay> underWay() {
    return underWay;
  }

  /** The host of a record whose state is written, {@code host:port}. */
  String hostOf(RecordId id) {
    return Objects.requireNonNull(hosts.get(id));
  }

  List<RecordId> leftUnderWay() {
    return leftUnderWay;
  }

  List<Change> changes() {
    return List.copyOf(changes.values());
  }

  /** By tenant, in order of their names, so that two transactions never wait for each other. */
  SortedMap<String, Long> stored() {
    return stored;
  }

  /** What came in this step, by tenant. */
  Map<String, Traffic> traffic() {
    return traffic;
  }

  /** By host, in order of their names, so that two transactions never wait for each other. */
  SortedMap<String, HostBlock> blocks() {
    return blocks;
  }

  List<Release> releases() {
    return releases;
  }

  Set<ControlMessage> control() {
    return control;
  }

  Set<UUID> foundEnded() {
    return ended;
  }

  /** Registrations that ended with records that had not: nothing of them waits any more. */
  Set<UUID> over() {
    Set<UUID> over = new LinkedHashSet<>(ended);
    changes.values().stream()
        .filter(change -> change.result() == RegistrationResult.FAILURE)
        .forEach(change -> over.add(change.uid()));
    return over;
  }
}
