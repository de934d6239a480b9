package io.bgfetch.gateway.retention;

import io.bgfetch.blob.BlobStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the whole blob store, a part at a time and then from its start again, and deletes
 * what belongs to no registration: left by one that was forgotten, or that never came to be. What
 * is not named like a registration is left alone.
 */
final class StrayWalk implements Duty {

  private static final int PART = 1_000;

  /** A younger one may be about to be stored; the age is that of its uid. */
  private static final Duration OLD = Duration.ofHours(1);

  private static final Pattern UID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  private final Pool pool;
  private final BlobThreads blobs;
  private final InstantSource clock;
  private BlobStore.@Nullable Listing walk;

  StrayWalk(Pool pool, BlobThreads blobs, InstantSource clock) {
    this.pool = pool;
    this.blobs = blobs;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "strays";
  }

  /** The next part of the walk; never more at once, it has no hurry. */
  @Override
  public Future<Boolean> run() {
    return listing()
        .compose(listing -> blobs.get(store -> listing.next(PART)))
        .recover(this::closeAfter)
        .compose(names -> names.isEmpty() ? close() : deleteStrays(names))
        .map(false);
  }

  /** A listing that failed may fail for ever: the next part is that of a new one. */
  private Future<List<String>> closeAfter(Throwable cause) {
    return close().transform(closed -> Future.failedFuture(cause));
  }

  private Future<BlobStore.Listing> listing() {
    BlobStore.Listing begun = walk;
    return begun == null
        ? blobs.get(BlobStore::prefixes).onSuccess(started -> walk = started)
        : Future.succeededFuture(begun);
  }

  private Future<Void> deleteStrays(List<String> names) {
    Instant before = clock.instant().minus(OLD);
    UUID[] uids =
        names.stream()
            .flatMap(name -> uid(name).stream())
            .filter(uid -> madeAt(uid).isBefore(before))
            .toArray(UUID[]::new);
    return pool.preparedQuery(RetentionSql.FIND_STRAY)
        .execute(Tuple.tuple().addArrayOfUUID(uids))
        .map(Rows::uids)
        .compose(
            strays ->
                InTurn.each(strays, uid -> blobs.run(store -> store.deleteAll(uid.toString()))));
  }

  private static Optional<UUID> uid(String name) {
    return UID.matcher(name).matches() ? Optional.of(UUID.fromString(name)) : Optional.empty();
  }

  /** The upper 48 bits of a UUIDv7 are milliseconds (RFC 9562, section 5.7). */
  private static Instant madeAt(UUID uid) {
    return Instant.ofEpochMilli(uid.getMostSignificantBits() >>> 16);
  }

  /** Ends the walk where it is; the next one begins at the start. */
  Future<Void> close() {
    BlobStore.Listing ended = walk;
    walk = null;
    return ended == null ? Future.succeededFuture() : blobs.run(store -> ended.close());
  }
}
