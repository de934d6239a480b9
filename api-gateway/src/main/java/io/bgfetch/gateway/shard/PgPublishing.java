package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.News;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What Postgres knows of what one shard has to publish, and what it has. What was published is left
 * to the tenant's webhooks in the statement that notes it: so each of them is told once.
 */
final class PgPublishing implements Announcements.Done {

  private final Pool pool;
  private final int shard;

  PgPublishing(Pool pool, int shard) {
    this.pool = pool;
    this.shard = shard;
  }

  /** Those of these registrations that have ended, deleted ones too. */
  Future<List<Announcement>> ends(Set<UUID> uids) {
    return ends(
        pool.preparedQuery(ShardStatements.READ_ENDED)
            .execute(Tuple.tuple().addArrayOfUUID(array(uids))));
  }

  /** Registrations whose end was not published. */
  Future<List<Announcement>> unpublishedEnds() {
    return ends(pool.preparedQuery(ShardStatements.UNPUBLISHED_ENDS).execute(Tuple.of(shard)));
  }

  /** The clicks are read after the rows: those that a row's version counts are all there. */
  private Future<List<Announcement>> ends(Future<RowSet<Row>> rows) {
    return rows.compose(
        found -> {
          Set<UUID> uids = new HashSet<>();
          found.forEach(row -> uids.add(row.getUUID("uid")));
          return uids.isEmpty()
              ? Future.succeededFuture(List.of())
              : clicks(pool, uids).map(clicks -> announcements(found, clicks));
        });
  }

  private static List<Announcement> announcements(RowSet<Row> rows, Map<UUID, List<Long>> clicks) {
    List<Announcement> announcements = new ArrayList<>();
    for (Row row : rows) {
      Registration end = StoredRegistration.of(row).told();
      boolean out = row.getLong("published_version") >= end.version();
      List<Long> ofIt = clicks.getOrDefault(end.uid(), List.of());
      announcements.add(new Announcement(end, out, ofIt.stream().map(end::atVersion).toList()));
    }
    return announcements;
  }

  /** Clicks on these registrations that were not published: their versions, in order. */
  Future<Map<UUID, List<Long>>> clicks(SqlClient client, Set<UUID> uids) {
    if (uids.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return client
        .preparedQuery(ShardStatements.CLICKS)
        .execute(Tuple.of(shard).addArrayOfUUID(array(uids)))
        .map(
            rows -> {
              Map<UUID, List<Long>> clicks = new HashMap<>();
              for (Row row : rows) {
                clicks
                    .computeIfAbsent(row.getUUID("uid"), uid -> new ArrayList<>())
                    .add(row.getLong("version"));
              }
              return clicks;
            });
  }

  /** Clicks on these registrations, outside of a transaction. */
  Future<Map<UUID, List<Long>>> clicks(Set<UUID> uids) {
    return clicks(pool, uids);
  }

  /** Some registrations with clicks that were not published. */
  Future<List<UUID>> clicked() {
    return pool.preparedQuery(ShardStatements.CLICKED)
        .execute(Tuple.of(shard))
        .map(
            rows -> {
              List<UUID> uids = new ArrayList<>();
              rows.forEach(row -> uids.add(row.getUUID("uid")));
              return uids;
            });
  }

  @Override
  public Future<Void> endPublished(Registration end) {
    News news = News.of(end);
    return pool.preparedQuery(ShardStatements.PUBLISHED)
        .execute(
            Tuple.of(
                news.uid(), news.version(), news.eventId(), news.kind().eventName(), news.json()))
        .mapEmpty();
  }

  @Override
  public Future<Void> clickPublished(Registration click) {
    News news = News.ofClick(click);
    return pool.preparedQuery(ShardStatements.CLICK_PUBLISHED)
        .execute(
            Tuple.of(shard, news.uid(), news.version())
                .addString(news.tenant())
                .addString(news.eventId())
                .addString(news.kind().eventName())
                .addString(news.json()))
        .mapEmpty();
  }

  private static UUID[] array(Collection<UUID> uids) {
    return uids.toArray(UUID[]::new);
  }
}
