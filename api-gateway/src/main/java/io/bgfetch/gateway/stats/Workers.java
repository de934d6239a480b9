package io.bgfetch.gateway.stats;

import io.bgfetch.message.FetchEvent.Alive;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.StreamSupport;

/** The workers of the cluster, as Postgres knows them. */
public final class Workers {

  private final Pool pool;

  public Workers(Pool pool) {
    this.pool = pool;
  }

  /**
   * A worker that was heard of in the last ten seconds.
   *
   * @param startedAt by its own clock
   * @param lastReportAt when it was last heard of, by Postgres's clock
   * @param running fetches that had their turn
   * @param bytesPerSecond of response bodies that it received
   */
  public record Living(
      String id, Instant startedAt, Instant lastReportAt, int running, long bytesPerSecond) {}

  /** These said a moment ago that they live; each stands in it once. */
  public Future<Void> see(Collection<Alive> heard) {
    return pool.preparedQuery(WorkerSql.SEE)
        .execute(
            Tuple.tuple()
                .addArrayOfString(heard.stream().map(Alive::worker).toArray(String[]::new))
                .addArrayOfLong(heard.stream().map(Alive::startedAt).toArray(Long[]::new))
                .addArrayOfInteger(heard.stream().map(Alive::running).toArray(Integer[]::new))
                .addArrayOfLong(heard.stream().map(Alive::bytesPerSecond).toArray(Long[]::new)))
        .mapEmpty();
  }

  /** Those that live, the oldest first. */
  public Future<List<Living>> living() {
    return pool.preparedQuery(WorkerSql.LIVING)
        .execute()
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Workers::living).toList());
  }

  private static Living living(Row row) {
    return new Living(
        row.getString("id"),
        row.getOffsetDateTime("started_at").toInstant(),
        row.getOffsetDateTime("last_report_at").toInstant(),
        row.getInteger("running"),
        row.getLong("bytes_per_second"));
  }
}
