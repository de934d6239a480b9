package io.bgfetch.gateway.retention;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Deletes the bodies of records that cannot be read any more, once nobody reads on in them. */
final class BlobDeletion implements Duty {

  private final Pool pool;
  private final BlobThreads blobs;

  BlobDeletion(Pool pool, BlobThreads blobs) {
    this.pool = pool;
    this.blobs = blobs;
  }

  @Override
  public String name() {
    return "blobs";
  }

  @Override
  public Future<Boolean> run() {
    return pool.query(RetentionSql.FIND_BLOBS_TO_DELETE)
        .execute()
        .map(Rows::uids)
        .compose(this::deleteAll);
  }

  private Future<Boolean> deleteAll(List<UUID> uids) {
    return InTurn.each(uids, this::delete).map(!uids.isEmpty());
  }

  private Future<Void> delete(UUID uid) {
    return blobs
        .run(store -> store.deleteAll(uid.toString()))
        .compose(
            deleted -> pool.preparedQuery(RetentionSql.BLOBS_ARE_DELETED).execute(Tuple.of(uid)))
        .mapEmpty();
  }
}
