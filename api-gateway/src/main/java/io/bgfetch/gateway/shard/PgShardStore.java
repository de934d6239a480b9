package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import io.bgfetch.url.WebUrl;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What one shard reads and writes in Postgres. */
final class PgShardStore {

  /**
   * Records looked at in one statement, so that a registration of any size stays within deadlines.
   */
  private static final int PAGE = 50_000;

  private final Pool pool;
  private final int shard;
  private final String owner;

  PgShardStore(Pool pool, int shard, String owner) {
    this.pool = pool;
    this.shard = shard;
    this.owner = owner;
  }

  /** Makes this the shard's owner and answers where it goes on in a topic of this id. */
  Future<Long> takeOver(String topicId) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(ShardStatements.TAKE_OVER)
                .execute(Tuple.of(shard, owner))
                .compose(
                    taken ->
                        connection
                            .preparedQuery(ShardStatements.FIND_OFFSET)
                            .execute(Tuple.of(shard, topicId)))
                .map(rows -> rows.iterator().next().getLong("next_offset")));
  }

  /** Active registrations of the shard that are not in memory. */
  Future<List<ShardRows.Found>> sweep(Set<UUID> known) {
    return find(ShardStatements.SWEEP, known);
  }

  /** Those of these registrations that are active. */
  Future<List<ShardRows.Found>> poked(Set<UUID> uids) {
    return find(ShardStatements.POKED, uids);
  }

  /** The records of a registration that are released and have not ended. */
  Future<List<Shard.Loaded>> released(UUID uid, int dispatched) {
    List<Shard.Loaded> found = new ArrayList<>();
    Future<Void> pages = Future.succeededFuture();
    for (int from = 0; from < dispatched; from += PAGE) {
      Tuple page = Tuple.of(uid, from, Math.min(dispatched, from + PAGE));
      pages =
          pages
              .compose(before -> pool.preparedQuery(ShardStatements.RELEASED).execute(page))
              .onSuccess(rows -> found.addAll(list(rows, ShardRows::loaded)))
              .mapEmpty();
    }
    return pages.map(read -> found);
  }

  /** Nothing of these registrations, which have ended, waits any more. */
  Future<Void> stopWaiting(Set<UUID> uids) {
    return pool.preparedQuery(ShardStatements.STOP_WAITING)
        .execute(Tuple.tuple().addArrayOfUUID(array(uids)))
        .mapEmpty();
  }

  /** Records whose next try has come, the earliest first, but for those of some hosts. */
  Future<List<Waiting>> waiting(WithoutRoom except, int limit) {
    return pool.preparedQuery(ShardStatements.WAITING)
        .execute(
            Tuple.of(shard, limit)
                .addArrayOfString(except.hosts().toArray(String[]::new))
                .addArrayOfUUID(array(except.registrations())))
        .map(rows -> list(rows, ShardRows::waiting));
  }

  /** Whether any record waits, for now or for later. */
  Future<Boolean> someWait() {
    return pool.preparedQuery(ShardStatements.SOME_WAIT)
        .execute(Tuple.of(shard))
        .map(rows -> rows.iterator().next().getBoolean("some_wait"));
  }

  /**
   * Which hosts the records of some stretches name. Where these are very many, a stretch ends
   * before the first that is too many.
   */
  Future<Map<UUID, Stretch>> hostsAhead(Map<UUID, Run> runs) {
    List<Map.Entry<UUID, Run>> wanted = List.copyOf(runs.entrySet());
    return pool.preparedQuery(ShardStatements.HOSTS_AHEAD)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(column(wanted, UUID[]::new, Map.Entry::getKey))
                .addArrayOfInteger(column(wanted, Integer[]::new, w -> w.getValue().from()))
                .addArrayOfInteger(column(wanted, Integer[]::new, w -> w.getValue().count()))
                .addInteger(Ahead.MOST_HOSTS + 1))
        .map(rows -> stretches(runs, rows));
  }

  private static Map<UUID, Stretch> stretches(Map<UUID, Run> runs, RowSet<Row> rows) {
    Map<UUID, Stretch> stretches = new HashMap<>();
    Counts origins = new Counts();
    runs.forEach((uid, run) -> stretches.put(uid, new Stretch(run, new LinkedHashMap<>())));
    for (Row row : rows) {
      UUID uid = row.getUUID("uid");
      int first = row.getInteger("first");
      Stretch stretch = Objects.requireNonNull(stretches.get(uid));
      origins.add(uid.toString(), 1);
      if (origins.of(uid.toString()) > Ahead.MOST_HOSTS) {
        int from = stretch.run().from();
        stretches.put(uid, new Stretch(new Run(from, first - from), stretch.named()));
      } else {
        String host = WebUrl.parse(row.getString("origin") + "/").authority();
        stretch.named().putIfAbsent(host, first);
      }
    }
    return stretches;
  }

  /** The requests of all records that a plan names. */
  Future<Map<RecordId, FetchRequest>> requests(Plan plan) {
    if (plan.firsts().isEmpty() && plan.again().isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    List<UUID> uids = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    plan.firsts().forEach((uid, first) -> add(uid, first.run(), uids, firsts, counts));
    plan.again()
        .forEach(one -> add(one.id().uid(), new Run(one.id().index(), 1), uids, firsts, counts));
    return pool.preparedQuery(ShardStatements.REQUESTS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(array(uids))
                .addArrayOfInteger(firsts.toArray(Integer[]::new))
                .addArrayOfInteger(counts.toArray(Integer[]::new)))
        .map(PgShardStore::requestsById);
  }

  private static void add(
      UUID uid, Run run, List<UUID> uids, List<Integer> firsts, List<Integer> counts) {
    uids.add(uid);
    firsts.add(run.from());
    counts.add(run.count());
  }

  private static Map<RecordId, FetchRequest> requestsById(RowSet<Row> rows) {
    Map<RecordId, FetchRequest> requests = new HashMap<>();
    rows.forEach(
        row ->
            requests.put(
                new RecordId(row.getUUID("uid"), row.getInteger("index")),
                RecordColumns.request(row)));
    return requests;
  }

  /**
   * Holds the epoch to the end of the transaction.
   *
   * @return Postgres's clock in milliseconds; fails where this is not the owner any more
   */
  Future<Long> holdEpoch(SqlConnection connection) {
    return connection
        .preparedQuery(ShardStatements.HOLD_EPOCH)
        .execute(Tuple.of(shard, owner))
        .map(rows -> rows.size() == 1 ? rows.iterator().next().getLong("now") : notOurs());
  }

  private Long notOurs() {
    throw new ShardLostException(shard);
  }

  Future<List<ShardRows.Found>> lock(SqlConnection connection, Set<UUID> uids) {
    return connection
        .preparedQuery(ShardStatements.LOCK)
        .execute(Tuple.of(shard).addArrayOfUUID(array(uids)))
        .map(rows -> list(rows, ShardRows::found));
  }

  /** Moves the shard's offset, which must stand at {@code from}. */
  Future<Void> advance(SqlConnection connection, long from, long to) {
    return connection
        .preparedQuery(ShardStatements.ADVANCE_OFFSET)
        .execute(Tuple.of(shard, from, to))
        .map(
            rows -> {
              if (rows.rowCount() != 1) {
                throw new ShardLostException(shard);
              }
              return null;
            });
  }

  /** Writes a decision; answers the registrations that it changed, as they are now. */
  Future<List<Registration>> write(SqlConnection connection, Decision decision) {
    Future<?> records = writeRecords(connection, decision);
    Future<List<Registration>> changes = changes(connection, decision);
    Future<?> stored = store(connection, decision.stored());
    Future<?> blocks = PgBlocks.write(connection, decision.blocks());
    return Future.all(records, changes, stored, blocks).map(written -> changes.result());
  }

  private Future<?> writeRecords(SqlConnection connection, Decision decision) {
    List<Future<?>> writes = new ArrayList<>();
    if (!decision.outcomes().isEmpty()) {
      writes.add(endRecords(connection, decision.outcomes()));
    }
    if (!decision.underWay().isEmpty()) {
      writes.add(writeUnderWay(connection, decision));
    }
    if (!decision.leftUnderWay().isEmpty()) {
      writes.add(leaveUnderWay(connection, decision.leftUnderWay()));
    }
    Set<UUID> over = decision.over();
    if (!over.isEmpty()) {
      writes.add(
          connection
              .preparedQuery(ShardStatements.STOP_WAITING)
              .execute(Tuple.tuple().addArrayOfUUID(array(over))));
    }
    return Future.all(writes);
  }

  /**
   * A row that is there already would mean that memory is wrong about it: the transaction fails.
   */
  private static Future<?> endRecords(SqlConnection connection, List<Outcome> outcomes) {
    return connection
        .preparedQuery(ShardStatements.END_RECORDS)
        .execute(
            Tuple.tuple(
                Arrays.asList(
                    column(outcomes, UUID[]::new, Outcome::uid),
                    column(outcomes, Integer[]::new, Outcome::index),
                    column(outcomes, String[]::new, o -> o.result().wireName()),
                    column(outcomes, String[]::new, Outcome::error),
                    column(outcomes, Integer[]::new, Outcome::attempts),
                    column(outcomes, String[]::new, o -> RecordColumns.response(o.response())),
                    column(outcomes, Long[]::new, o -> o.body() == null ? null : o.body().size()),
                    column(outcomes, Buffer[]::new, o -> RecordColumns.inline(o.body())),
                    column(outcomes, String[]::new, o -> RecordColumns.segments(o.body())),
                    column(outcomes, String[]::new, Outcome::digest),
                    column(outcomes, Long[]::new, Outcome::downloaded),
                    column(outcomes, Long[]::new, Outcome::uploaded))))
        .map(
            rows -> {
              if (rows.rowCount() != outcomes.size()) {
                throw new IllegalStateException("a record that had ended was ended again");
              }
              return rows;
            });
  }

  private Future<?> writeUnderWay(SqlConnection connection, Decision decision) {
    List<Map.Entry<RecordId, UnderWay>> rows = List.copyOf(decision.underWay().entrySet());
    return connection
        .preparedQuery(ShardStatements.WRITE_UNDER_WAY)
        .execute(
            Tuple.tuple(
                Arrays.asList(
                    shard,
                    column(rows, UUID[]::new, r -> r.getKey().uid()),
                    column(rows, Integer[]::new, r -> r.getKey().index()),
                    column(rows, Integer[]::new, r -> r.getValue().attempt()),
                    column(rows, Integer[]::new, r -> r.getValue().tries()),
                    column(rows, Integer[]::new, r -> r.getValue().lost()),
                    column(rows, Long[]::new, r -> r.getValue().nextTry()),
                    column(rows, Integer[]::new, r -> grantAttempt(r.getValue())),
                    column(rows, String[]::new, r -> grantToken(r.getValue())),
                    column(
                        rows, String[]::new, r -> RecordColumns.response(r.getValue().response())),
                    column(rows, String[]::new, r -> RecordColumns.segments(r.getValue().stored())),
                    column(rows, Long[]::new, r -> r.getValue().downloaded()),
                    column(rows, Long[]::new, r -> r.getValue().uploaded()),
                    column(rows, Long[]::new, r -> r.getValue().spent().uploadedBefore()),
                    column(rows, Long[]::new, r -> r.getValue().spent().connected()),
                    column(rows, Long[]::new, r -> r.getValue().spent().connectedBefore()),
                    column(rows, String[]::new, r -> decision.hostOf(r.getKey())))));
  }

  private static @Nullable Integer grantAttempt(UnderWay state) {
    return state.grant() == null ? null : state.grant().attempt();
  }

  private static @Nullable String grantToken(UnderWay state) {
    return state.grant() == null ? null : state.grant().token();
  }

  private static Future<?> leaveUnderWay(SqlConnection connection, List<RecordId> ids) {
    return connection
        .preparedQuery(ShardStatements.LEAVE_UNDER_WAY)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(column(ids, UUID[]::new, RecordId::uid))
                .addArrayOfInteger(column(ids, Integer[]::new, RecordId::index)));
  }

  private static Future<List<Registration>> changes(SqlConnection connection, Decision decision) {
    List<Decision.Change> rows = decision.changes();
    if (rows.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return registrations(
        connection
            .preparedQuery(ShardStatements.CHANGE)
            .execute(
                Tuple.tuple(
                    Arrays.asList(
                        column(rows, UUID[]::new, Decision.Change::uid),
                        column(rows, Integer[]::new, Decision.Change::dispatched),
                        column(rows, Integer[]::new, Decision.Change::settled),
                        column(rows, Integer[]::new, Decision.Change::succeeded),
                        column(rows, Integer[]::new, Decision.Change::failed),
                        column(rows, Long[]::new, Decision.Change::downloaded),
                        column(rows, Long[]::new, Decision.Change::uploaded),
                        column(rows, String[]::new, c -> c.firstFailure().wireName()),
                        column(rows, String[]::new, c -> c.result().wireName()),
                        column(rows, String[]::new, c -> c.failureReason().wireName()),
                        column(rows, Long[]::new, Decision.Change::version)))));
  }

  /** After the rows of the registrations, which everybody locks before those of the storage. */
  private Future<?> store(SqlConnection connection, SortedMap<String, Long> bytes) {
    return bytes.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(ShardStatements.STORE)
            .execute(
                Tuple.of(shard)
                    .addArrayOfString(bytes.keySet().toArray(String[]::new))
                    .addArrayOfLong(bytes.values().toArray(Long[]::new)));
  }

  /** What these tenants have stored, over all shards; those without anything are left out. */
  Future<Map<String, Long>> storage(Set<String> tenants) {
    return pool.preparedQuery(ShardStatements.STORAGE)
        .execute(Tuple.tuple().addArrayOfString(tenants.toArray(String[]::new)))
        .map(
            rows -> {
              Map<String, Long> sums = new HashMap<>();
              rows.forEach(row -> sums.put(row.getString("tenant"), row.getLong("bytes")));
              return sums;
            });
  }

  private Future<List<ShardRows.Found>> find(String statement, Set<UUID> uids) {
    return pool.preparedQuery(statement)
        .execute(Tuple.of(shard).addArrayOfUUID(array(uids)))
        .map(rows -> list(rows, ShardRows::found));
  }

  private static Future<List<Registration>> registrations(Future<RowSet<Row>> rows) {
    return rows.map(found -> list(found, RegistrationRows::registration));
  }

  private static UUID[] array(Collection<UUID> uids) {
    return uids.toArray(UUID[]::new);
  }

  private static <R, T extends @Nullable Object> T[] column(
      List<R> rows, IntFunction<T[]> array, Function<R, T> value) {
    T[] column = array.apply(rows.size());
    for (int i = 0; i < column.length; i++) {
      column[i] = value.apply(rows.get(i));
    }
    return column;
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> map) {
    List<T> list = new ArrayList<>(rows.size());
    rows.forEach(row -> list.add(map.apply(row)));
    return list;
  }
}
