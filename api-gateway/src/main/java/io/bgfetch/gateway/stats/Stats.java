package io.bgfetch.gateway.stats;

import io.bgfetch.gateway.stats.TenantStats.Interval;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** The statistics of tenants, as Postgres knows them: each sees its own. */
public final class Stats {

  private final Pool pool;

  public Stats(Pool pool) {
    this.pool = pool;
  }

  /** A tenant's statistics of now. */
  public Future<TenantStats> of(String tenant) {
    Future<List<Interval>> intervals =
        pool.preparedQuery(StatsSql.TRAFFIC).execute(Tuple.of(tenant)).map(Stats::intervals);
    Future<Row> records =
        pool.preparedQuery(StatsSql.RECORDS)
            .execute(Tuple.of(tenant))
            .map(rows -> rows.iterator().next());
    return Future.all(intervals, records)
        .map(
            read ->
                TenantStats.of(
                    records.result().getLong("unsettled"),
                    records.result().getLong("running"),
                    intervals.result()));
  }

  private static List<Interval> intervals(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(Stats::interval).toList();
  }

  private static Interval interval(Row row) {
    return new Interval(
        row.getOffsetDateTime("at").toInstant(),
        new Traffic(row.getLong("fetches"), row.getLong("bytes")));
  }
}
