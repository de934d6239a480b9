package io.bgfetch.gateway.database;

import static io.bgfetch.gateway.database.RegistrationSql.FIND_ALL;
import static io.bgfetch.gateway.database.RegistrationSql.FIND_BY_ID;
import static io.bgfetch.gateway.database.RegistrationSql.FIND_BY_UID;
import static io.bgfetch.gateway.database.RegistrationSql.LIST;
import static io.bgfetch.gateway.database.RegistrationSql.LIST_ACTIVE;
import static io.bgfetch.gateway.database.RegistrationSql.LIST_ACTIVE_OF_ID;
import static io.bgfetch.gateway.database.RegistrationSql.LIST_ENDS;
import static io.bgfetch.gateway.database.RegistrationSql.LIST_LATEST;
import static io.bgfetch.gateway.database.RegistrationSql.LIST_OF_ID;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Registrations as clients see them. Every method takes the tenant and finds only what is its;
 * shards, which work for all tenants, have statements of their own.
 */
public final class Registrations {

  /** After the last one of a list, newest first: where a list begins. */
  public static final UUID NEWEST = new UUID(-1, -1);

  private static final Pattern UID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Pool pool;

  public Registrations(Pool pool) {
    this.pool = pool;
  }

  /**
   * The registration that a reference means: the one of that uid; else, of the id, the active one,
   * or the most recent where none is active.
   */
  public Future<Optional<StoredRegistration>> find(String tenant, String ref) {
    return findByUid(tenant, ref)
        .compose(
            found -> found.isPresent() ? Future.succeededFuture(found) : findById(tenant, ref));
  }

  private Future<Optional<StoredRegistration>> findByUid(String tenant, String ref) {
    return UID.matcher(ref).matches()
        ? find(tenant, UUID.fromString(ref.toLowerCase(Locale.ROOT)))
        : Future.succeededFuture(Optional.empty());
  }

  /** The registration of a uid. */
  public Future<Optional<StoredRegistration>> find(String tenant, UUID uid) {
    return pool.preparedQuery(FIND_BY_UID).execute(Tuple.of(tenant, uid)).map(Registrations::first);
  }

  private Future<Optional<StoredRegistration>> findById(String tenant, String id) {
    return pool.preparedQuery(FIND_BY_ID)
        .execute(Tuple.of(tenant, IdHash.of(id)))
        .map(Registrations::first);
  }

  /**
   * Registrations from the newest on.
   *
   * @param older only those that are older than this one
   * @param id only those of this id, null for all
   */
  public Future<List<StoredRegistration>> list(
      String tenant, UUID older, @Nullable String id, boolean active, int limit) {
    Tuple tuple = Tuple.of(tenant, older, limit);
    if (id == null) {
      return query(active ? LIST_ACTIVE : LIST, tuple);
    }
    return query(active ? LIST_ACTIVE_OF_ID : LIST_OF_ID, tuple.addBuffer(IdHash.of(id)));
  }

  /** The registrations of some uids; those that are another tenant's are left out. */
  public Future<List<StoredRegistration>> findAll(String tenant, List<UUID> uids) {
    return uids.isEmpty()
        ? Future.succeededFuture(List.of())
        : query(FIND_ALL, Tuple.of(tenant).addArrayOfUUID(uids.toArray(UUID[]::new)));
  }

  /** Registrations that are active or ended a moment ago, at most so many of each. */
  public Future<List<StoredRegistration>> listLatest(String tenant, int limit) {
    return query(LIST_LATEST, Tuple.of(tenant, limit));
  }

  /**
   * Registrations in the order of their ends, also those that were deleted since: to tell of what
   * happened, not of what is there.
   *
   * @param behind at that very moment only those with a greater uid
   */
  public Future<List<StoredRegistration>> listEnds(
      String tenant, Instant since, UUID behind, int limit) {
    return query(LIST_ENDS, Tuple.of(tenant, since.atOffset(ZoneOffset.UTC), behind, limit));
  }

  private Future<List<StoredRegistration>> query(String sql, Tuple tuple) {
    return pool.preparedQuery(sql).execute(tuple).map(Registrations::all);
  }

  private static Optional<StoredRegistration> first(RowSet<Row> rows) {
    return all(rows).stream().findFirst();
  }

  static List<StoredRegistration> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(StoredRegistration::of).toList();
  }
}
