package io.bgfetch.gateway.retention;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.blob.BlobStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Deletes, of registrations that ended a while ago, the blobs that no record consists of: those of
 * attempts that lost, and what was never finished.
 */
final class OrphanSweep implements Duty {

  private static final int PAGE = 500;

  private final Pool pool;
  private final BlobThreads blobs;

  OrphanSweep(Pool pool, BlobThreads blobs) {
    this.pool = pool;
    this.blobs = blobs;
  }

  @Override
  public String name() {
    return "orphans";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.FIND_UNSWEPT)
        .execute()
        .map(Rows::uids)
        .compose(uids -> InTurn.each(uids, this::sweep).map(!uids.isEmpty()));
  }

  private Future<Void> sweep(UUID uid) {
    String prefix = uid.toString();
    return blobs
        .get(store -> store.list(prefix))
        .compose(
            listing ->
                sweepPages(uid, listing).eventually(() -> blobs.run(store -> listing.close())))
        .compose(swept -> blobs.run(store -> store.deleteDrafts(prefix)))
        .compose(clean -> pool.preparedQuery(RetentionSql.IS_SWEPT).execute(Tuple.of(uid)))
        .mapEmpty();
  }

  private Future<Void> sweepPages(UUID uid, BlobStore.Listing listing) {
    return blobs
        .get(store -> listing.next(PAGE))
        .compose(
            keys ->
                keys.isEmpty()
                    ? Future.succeededFuture()
                    : sweep(uid, keys).compose(swept -> sweepPages(uid, listing)));
  }

  private Future<Void> sweep(UUID uid, List<String> keys) {
    Integer[] indexes = keys.stream().map(BlobKeys::indexOf).distinct().toArray(Integer[]::new);
    return pool.preparedQuery(RetentionSql.FIND_NAMED)
        .execute(Tuple.of(uid).addArrayOfInteger(indexes))
        .compose(
            rows -> {
              Set<String> named = new HashSet<>();
              rows.forEach(row -> named.add(row.getString("key")));
              return delete(keys.stream().filter(key -> !named.contains(key)).toList());
            });
  }

  private Future<Void> delete(List<String> orphans) {
    return blobs.run(
        store -> {
          for (String orphan : orphans) {
            store.delete(orphan);
          }
        });
  }
}
