package io.bgfetch.gateway.reading;

import static java.util.stream.Collectors.toMap;

import io.bgfetch.blob.StoredBody.Segment;
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
import org.jspecify.annotations.Nullable;

/** Looks at records: one statement, whatever their number. */
final class RecordLooks {

  private static final Duration WITHIN = Duration.ofSeconds(15);

  private final Pool pool;

  RecordLooks(Pool pool) {
    this.pool = pool;
  }

  /**
   * A record to look at.
   *
   * @param before what is known of it: a manifest that is still the same is not sent again
   */
  record Wanted(RecordKey key, @Nullable Arriving before) {

    /** The name of the first segment that is known, null where none is. */
    private @Nullable String firstSegment() {
      return segments().isEmpty() ? null : segments().getFirst().key();
    }

    private List<Segment> segments() {
      return before == null ? List.of() : before.stored();
    }
  }

  Future<RecordSight> look(RecordKey key) {
    return look(key.tenant(), List.of(new Wanted(key, null))).map(seen -> seen.get(key));
  }

  /** A sight of each of these records of a tenant. */
  Future<Map<RecordKey, RecordSight>> look(String tenant, List<Wanted> wanted) {
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
