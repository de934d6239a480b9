package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Postgres: the tables of the shards, transactions with row locks, and its failures. */
final class SimulatedStore {

  private static final long IDLE_IN_TRANSACTION_MILLIS = 5_000;

  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final Map<UUID, SimulatedRow> rows = new LinkedHashMap<>();
  private final Map<String, Long> storage = new TreeMap<>();
  private final Map<String, HostBlock> blocks = new TreeMap<>();
  private final Map<UUID, Transaction> locks = new HashMap<>();
  private final List<Transaction> open = new ArrayList<>();
  private final String[] epochs;
  private final int[] topics;
  private final long[] offsets;
  private long downUntil;
  private int parked;

  /** A transaction of a shard that holds its epoch and the rows that it got. */
  record Transaction(int shard, String owner, Set<UUID> locked) {}

  SimulatedStore(SimulatedCluster cluster, int shards) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
    this.epochs = new String[shards];
    this.topics = new int[shards];
    this.offsets = new long[shards];
  }

  boolean down() {
    return schedule.now() < downUntil;
  }

  /** Everything that is open ends, and nothing can be read or written for a while. */
  void breakDown(long millis) {
    downUntil = schedule.now() + millis;
    List.copyOf(open).forEach(this::rollBack);
  }

  void recover() {
    downUntil = 0;
  }

  Collection<SimulatedRow> rows() {
    return rows.values();
  }

  SimulatedRow row(UUID uid) {
    return rows.get(uid);
  }

  Map<String, Long> storage() {
    return storage;
  }

  /** Hosts that are or were blocked. */
  Map<String, HostBlock> blocks() {
    return blocks;
  }

  // ---- what clients write

  void insert(SimulatedRow row) {
    rows.put(row.uid(), row);
  }

  /** Whether a transaction holds the row, so that a client's update has to wait. */
  boolean locked(UUID uid) {
    return cluster.holds(Rule.ROWS_ARE_LOCKED) && locks.containsKey(uid);
  }

  boolean abort(UUID uid) {
    SimulatedRow row = rows.get(uid);
    if (row.deleted || (cluster.holds(Rule.ABORT_IS_CONDITIONAL) && !row.active())) {
      return false;
    }
    row.abort(schedule.now());
    cluster.invariants.check(row);
    return true;
  }

  /** Whether it ended by this. */
  boolean delete(UUID uid) {
    SimulatedRow row = rows.get(uid);
    boolean ends = row.active();
    if (ends) {
      row.abort(schedule.now());
    } else {
      row.raiseVersion(schedule.now());
    }
    row.deleted = true;
    return ends;
  }

  /** Its new version; 0 where nothing was to be done. */
  long setPaused(UUID uid, boolean paused) {
    SimulatedRow row = rows.get(uid);
    if (row.deleted || !row.active() || !row.allGet() || row.paused == paused) {
      return 0;
    }
    row.raiseVersion(schedule.now());
    row.paused = paused;
    if (!paused) {
      cluster.invariants.resumed(uid);
    }
    return row.version;
  }

  void retitle(UUID uid) {
    rows.get(uid).raiseVersion(schedule.now());
  }

  // ---- what shards read

  /** Makes this the owner; null while a transaction of the owner before is open. */
  @Nullable Long takeOver(int shard, String owner, int topic) {
    if (cluster.holds(Rule.EPOCH_IS_HELD_TO_THE_COMMIT)
        && open.stream().anyMatch(transaction -> transaction.shard() == shard)) {
      return null;
    }
    epochs[shard] = owner;
    if (topics[shard] != topic && cluster.holds(Rule.OFFSET_KNOWS_ITS_TOPIC)) {
      offsets[shard] = 0;
    }
    topics[shard] = topic;
    return offsets[shard];
  }

  List<SimulatedRow> sweep(int shard, Set<UUID> known) {
    return rows.values().stream()
        .filter(row -> row.active() && row.terms.shard() == shard && !known.contains(row.uid()))
        .toList();
  }

  List<SimulatedRow> poked(Set<UUID> uids) {
    return uids.stream().map(rows::get).filter(SimulatedRow::active).toList();
  }

  List<SimulatedRow> ended(Set<UUID> uids) {
    return uids.stream().map(rows::get).filter(row -> !row.active()).toList();
  }

  List<SimulatedRow> unpublishedEnds(int shard) {
    return rows.values().stream()
        .filter(row -> row.terms.shard() == shard && row.endVersion > row.publishedVersion)
        .toList();
  }

  void published(UUID uid, long version) {
    SimulatedRow row = rows.get(uid);
    row.publishedVersion = Math.max(row.publishedVersion, version);
  }

  List<Shard.Loaded> released(SimulatedRow row) {
    List<Shard.Loaded> released = new ArrayList<>();
    for (int i = 0; i < row.dispatched; i++) {
      UnderWay state = row.underWay[i];
      if (row.outcomes[i] == null && (state == null || !state.waiting())) {
        released.add(new Shard.Loaded(i, row.requests.get(i), state));
      }
    }
    return released;
  }

  /** Whether a record waits, for now or for later. */
  boolean someWait(int shard) {
    return rows.values().stream()
        .filter(row -> row.terms.shard() == shard)
        .flatMap(row -> Arrays.stream(row.underWay))
        .anyMatch(state -> state != null && state.waiting());
  }

  Map<UUID, Stretch> hostsAhead(Map<UUID, Run> runs) {
    Map<UUID, Stretch> found = new HashMap<>();
    runs.forEach((uid, run) -> found.put(uid, ShardWorld.stretch(run, rows.get(uid).requests)));
    return found;
  }

  List<Waiting> waiting(int shard, WithoutRoom except) {
    List<Waiting> waiting = new ArrayList<>();
    for (SimulatedRow row : rows.values()) {
      if (row.terms.shard() == shard && row.active() && !row.paused) {
        for (int i = 0; i < row.underWay.length; i++) {
          UnderWay state = row.underWay[i];
          if (state != null
              && state.waiting()
              && state.nextTry() <= schedule.now()
              && !except.registrations().contains(row.uid())
              && !except.hosts().contains(row.hosts[i])) {
            waiting.add(new Waiting(new RecordId(row.uid(), i), state, row.hosts[i]));
          }
        }
      }
    }
    waiting.sort(Comparator.comparing(one -> one.state().nextTry()));
    return waiting;
  }

  void stopWaiting(Set<UUID> uids) {
    for (UUID uid : uids) {
      SimulatedRow row = rows.get(uid);
      for (int i = 0; i < row.underWay.length; i++) {
        row.underWay[i] = withoutNextTry(row.underWay[i]);
      }
    }
  }

  private static @Nullable UnderWay withoutNextTry(@Nullable UnderWay u) {
    return u == null || !u.waiting()
        ? u
        : new UnderWay(
            u.attempt(),
            u.tries(),
            u.lost(),
            null,
            u.grant(),
            u.response(),
            u.stored(),
            u.downloaded(),
            u.spent());
  }

  Map<RecordId, FetchRequest> requests(Plan plan) {
    Map<RecordId, FetchRequest> requests = new HashMap<>();
    plan.firsts()
        .forEach(
            (uid, first) -> {
              for (int i = first.run().from(); i < first.run().to(); i++) {
                requests.put(new RecordId(uid, i), rows.get(uid).requests.get(i));
              }
            });
    plan.again()
        .forEach(
            one -> requests.put(one.id(), rows.get(one.id().uid()).requests.get(one.id().index())));
    return requests;
  }

  // ---- transactions

  boolean owns(int shard, String owner) {
    return owner.equals(epochs[shard]) || !cluster.holds(Rule.EPOCH_IS_CHECKED);
  }

  /** Begins one that holds its epoch and these rows; null while another one has one of them. */
  @Nullable Transaction begin(int shard, String owner, Set<UUID> uids) {
    if (uids.stream().anyMatch(this::locked)) {
      return null;
    }
    Set<UUID> locked = new LinkedHashSet<>();
    for (UUID uid : uids) {
      if (rows.get(uid).active() || !cluster.holds(Rule.ENDED_ROWS_ARE_LEFT_ALONE)) {
        locked.add(uid);
      }
    }
    Transaction transaction = new Transaction(shard, owner, locked);
    open.add(transaction);
    locked.forEach(uid -> locks.put(uid, transaction));
    if (cluster.holds(Rule.TRANSACTIONS_OF_THE_STOPPED_END)) {
      schedule.after(IDLE_IN_TRANSACTION_MILLIS, () -> rollBack(transaction));
    }
    return transaction;
  }

  boolean isOpen(Transaction transaction) {
    return open.stream().anyMatch(one -> one == transaction);
  }

  void rollBack(Transaction transaction) {
    open.removeIf(one -> one == transaction);
    locks.values().removeIf(holder -> holder == transaction);
  }

  /** Whether the offset stands where the transaction believes. */
  boolean stands(int shard, long offset) {
    return offsets[shard] == offset;
  }

  void advance(int shard, long offset) {
    offsets[shard] = offset;
  }

  /** Writes and ends the transaction. */
  void commit(Transaction transaction, Decision decision) {
    rollBack(transaction);
    if (!transaction.owner().equals(epochs[transaction.shard()])) {
      cluster.invariants.violated("written by an owner of before: " + transaction);
    }
    Set<UUID> touched = new LinkedHashSet<>();
    for (Outcome outcome : decision.outcomes()) {
      SimulatedRow row = rows.get(outcome.uid());
      if (row.outcomes[outcome.index()] != null) {
        cluster.invariants.violated("ended twice: " + outcome);
      }
      row.outcomes[outcome.index()] = outcome;
      touched.add(outcome.uid());
    }
    decision
        .underWay()
        .forEach(
            (id, state) -> {
              rows.get(id.uid()).hosts[id.index()] = decision.hostOf(id);
              write(id, state, touched);
            });
    for (RecordId id : decision.leftUnderWay()) {
      rows.get(id.uid()).underWay[id.index()] = null;
    }
    stopWaiting(decision.over());
    for (Decision.Change change : decision.changes()) {
      rows.get(change.uid()).become(change);
      touched.add(change.uid());
    }
    decision
        .blocks()
        .forEach(
            (host, block) ->
                blocks.merge(
                    host, block, (known, more) -> known.until() < more.until() ? more : known));
    decision.stored().forEach((tenant, bytes) -> storage.merge(tenant, bytes, Long::sum));
    touched.forEach(uid -> cluster.invariants.check(rows.get(uid)));
    cluster.invariants.checkStorage();
  }

  /** How often a record was passed over. */
  int parked() {
    return parked;
  }

  private void write(RecordId id, UnderWay state, Set<UUID> touched) {
    SimulatedRow row = rows.get(id.uid());
    parked += state.parked() ? 1 : 0;
    UnderWay before = row.underWay[id.index()];
    if (state.lost() > (before == null ? 0 : before.lost())) {
      cluster.invariants.lost(new SimulatedTopics.Attempt(id, state.attempt()));
    }
    row.underWay[id.index()] =
        cluster.holds(Rule.GRANTS_ARE_WRITTEN) || state.grant() == null
            ? state
            : new UnderWay(
                state.attempt(),
                state.tries(),
                state.lost(),
                state.nextTry(),
                null,
                state.response(),
                state.stored(),
                state.downloaded(),
                state.spent());
    touched.add(id.uid());
  }
}
