package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.GroupCommit;
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
import java.util.Collections;
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

  private static final int MOST_ENDS = 256;

  /** What is not noted is found by the sweep and published again. */
  private static final int WAITING_ENDS = 10_000;

  private final Pool pool;
  private final int shard;
  private final GroupCommit<News, Void> publishedEnds;

  PgPublishing(Pool pool, int shard, GroupCommit<News, Void> publishedEnds) {
    this.pool = pool;
    this.shard = shard;
    this.publishedEnds = publishedEnds;
  }

  /** Notes that ends were published, many at once; for all shards of a gateway. */
  static GroupCommit<News, Void> publishedEnds(Pool pool) {
    return new GroupCommit<>(MOST_ENDS, WAITING_ENDS, ends -> notePublished(pool, ends));
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
    return publishedEnds.join(News.of(end));
  }

  private static Future<List<Void>> notePublished(Pool pool, List<News> ends) {
    return pool.preparedQuery(ShardStatements.PUBLISHED)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ends.stream().map(News::uid).toArray(UUID[]::new))
                .addArrayOfLong(ends.stream().map(News::version).toArray(Long[]::new))
                .addArrayOfString(ends.stream().map(News::eventId).toArray(String[]::new))
                .addArrayOfString(
                    ends.stream().map(end -> end.kind().eventName()).toArray(String[]::new))
                .addArrayOfString(ends.stream().map(News::json).toArray(String[]::new)))
        .map(noted -> Collections.nCopies(ends.size(), null));
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
