package io.bgfetch.gateway.shard;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The blocked hosts in Postgres. */
final class PgBlocks {

  private PgBlocks() {}

  /**
   * What Postgres knows of hosts.
   *
   * @param now its clock, in milliseconds since the epoch
   */
  record Found(Map<String, HostBlock> hosts, long now) {}

  /** Reads those that are blocked, or were and are not forgiven yet: the latest ends first. */
  static Future<Found> read(Pool pool, int limit) {
    return pool.preparedQuery(BlockStatements.READ).execute(Tuple.of(limit)).map(PgBlocks::found);
  }

  private static Found found(RowSet<Row> rows) {
    Map<String, HostBlock> hosts = new HashMap<>();
    long now = 0;
    for (Row row : rows) {
      now = row.getLong("now");
      if (row.getString("host") != null) {
        hosts.put(
            row.getString("host"),
            new HostBlock(
                row.getLong("until"), row.getInteger("level"), row.getLong("forgiven_at")));
      }
    }
    return new Found(hosts, now);
  }

  /** Writes what a shard decided, in its transaction. */
  static Future<?> write(SqlConnection connection, SortedMap<String, HostBlock> blocks) {
    if (blocks.isEmpty()) {
      return Future.succeededFuture();
    }
    List<HostBlock> values = List.copyOf(blocks.values());
    return connection
        .preparedQuery(BlockStatements.BLOCK)
        .execute(
            Tuple.tuple()
                .addArrayOfString(blocks.keySet().toArray(String[]::new))
                .addArrayOfLong(values.stream().map(HostBlock::until).toArray(Long[]::new))
                .addArrayOfInteger(values.stream().map(HostBlock::level).toArray(Integer[]::new))
                .addArrayOfLong(values.stream().map(HostBlock::forgivenAt).toArray(Long[]::new)));
  }
}
