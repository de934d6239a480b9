package io.bgfetch.gateway.reading;

import static java.util.stream.Collectors.toMap;

import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Looks at records by one statement, whatever their number. */
final class PgRecordLooks implements RecordLooks {

  private static final Duration WITHIN = Duration.ofSeconds(15);

  private final Pool pool;

  PgRecordLooks(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Map<RecordKey, RecordSight>> look(String tenant, List<Wanted> wanted) {
    Tuple tuple =
        Tuple.of(tenant)
            .addArrayOfUUID(wanted.stream().map(one -> one.key().uid()).toArray(UUID[]::new))
            .addArrayOfInteger(
                wanted.stream().map(one -> one.key().index()).toArray(Integer[]::new))
            .addArrayOfString(wanted.stream().map(Wanted::firstSegment).toArray(String[]::new))
            .addArrayOfInteger(
                wanted.stream().map(one -> one.segments().size()).toArray(Integer[]::new));
    return pool.preparedQuery(RecordSql.LOOK)
        .execute(tuple)
        .timeout(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .map(rows -> sights(tenant, wanted, rows));
  }

  private static Map<RecordKey, RecordSight> sights(
      String tenant, List<Wanted> wanted, RowSet<Row> rows) {
    Map<RecordKey, Optional<Arriving>> before =
        wanted.stream().collect(toMap(Wanted::key, one -> Optional.ofNullable(one.before())));
    Map<RecordKey, RecordSight> sights = new HashMap<>();
    before.keySet().forEach(key -> sights.put(key, RecordSight.NOTHING));
    for (Row row : rows) {
      RecordKey key = new RecordKey(tenant, row.getUUID("uid"), row.getInteger("index"));
      Arriving known = before.getOrDefault(key, Optional.empty()).orElse(null);
      sights.put(key, new RecordSight(row.getBoolean("available"), BodyState.of(row, known)));
    }
    return sights;
  }
}
