package io.bgfetch.gateway.registering;

import static io.bgfetch.gateway.registering.RegisteringSql.ABANDON;
import static io.bgfetch.gateway.registering.RegisteringSql.CLOSE_LOADING;
import static io.bgfetch.gateway.registering.RegisteringSql.DELETE_SOME_REQUESTS;
import static io.bgfetch.gateway.registering.RegisteringSql.FIND_LEFT_BEHIND;
import static io.bgfetch.gateway.registering.RegisteringSql.OPEN_LOADING;
import static io.bgfetch.gateway.registering.RegisteringSql.REGISTER;
import static io.bgfetch.gateway.registering.RegisteringSql.STORE_BATCH;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.IdHash;
import io.bgfetch.gateway.database.PostgresFailure;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;

/** Registrations on their way into Postgres. */
final class RegistrationStore {

  private static final String ID_IS_UNIQUE = "id_is_unique_among_the_active";

  private final Pool pool;
  private final int mostActive;

  RegistrationStore(Pool pool, int mostActive) {
    this.pool = pool;
    this.mostActive = mostActive;
  }

  /** Begins a registration that does not come in one batch. */
  Future<Void> open(UUID uid) {
    return pool.preparedQuery(OPEN_LOADING).execute(Tuple.of(uid)).mapEmpty();
  }

  /** Stores one batch of an opened registration; nobody sees it yet. */
  Future<Void> store(UUID uid, RequestBatch batch) {
    Tuple tuple = RequestColumns.of(batch).addTo(Tuple.of(uid, batch.firstIndex()));
    return pool.preparedQuery(STORE_BATCH)
        .execute(tuple)
        .compose(
            stored ->
                stored.rowCount() == batch.size()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new TimeoutException("the loading was abandoned")));
  }

  /**
   * Stores the last batch and makes the registration exist, or nothing.
   *
   * @param opened whether {@link #open} was called for it
   * @param uploadTotal bytes of all request bodies
   */
  Future<Registration> register(
      NewRegistration registration, RequestBatch last, boolean opened, long uploadTotal) {
    Tuple tuple = columns(registration, last.nextIndex(), uploadTotal);
    tuple.addInteger(mostActive).addBoolean(opened).addInteger(last.firstIndex());
    return pool.preparedQuery(REGISTER)
        .execute(RequestColumns.of(last).addTo(tuple))
        .map(this::created)
        .recover(RegistrationStore::asProblem);
  }

  private Registration created(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    if (row.getUUID("uid") != null) {
      return RegistrationRows.registration(row);
    }
    throw row.getLong("active") >= mostActive
        ? Problem.tooManyActive(mostActive).toException()
        : Problem.unavailable().toException();
  }

  private static Future<Registration> asProblem(Throwable cause) {
    return Future.failedFuture(
        PostgresFailure.isDuplicate(cause, ID_IS_UNIQUE)
            ? Problem.idIsActive().toException()
            : cause);
  }

  private static Tuple columns(NewRegistration registration, int total, long uploadTotal) {
    RegistrationHead head = registration.head();
    return Tuple.tuple()
        .addUUID(registration.uid())
        .addString(registration.tenant())
        .addString(head.id())
        .addBuffer(IdHash.of(head.id()))
        .addInteger(registration.shard())
        .addString(head.title())
        .addValue(RegistrationRows.json(head.icons()))
        .addString(head.base() == null ? null : head.base().href())
        .addInteger(head.retry().limit())
        .addArrayOfInteger(head.retry().statuses().toArray(Integer[]::new))
        .addBoolean(head.retry().unsafe())
        .addLong(head.timeouts().connect().toMillis())
        .addLong(head.timeouts().firstByte().toMillis())
        .addLong(head.timeouts().idle().toMillis())
        .addLong(head.timeouts().total().toMillis())
        .addLong(head.retentionSeconds())
        .addLong(uploadTotal)
        .addLong(head.downloadTotal())
        .addInteger(total);
  }

  /** Lets no further batch in; false when it became a registration, or is gone already. */
  Future<Boolean> abandon(UUID uid) {
    return pool.preparedQuery(ABANDON).execute(Tuple.of(uid)).map(rows -> rows.rowCount() == 1);
  }

  /** Deletes what was stored of an abandoned one, and then its trace. */
  Future<Void> delete(UUID uid) {
    return pool.preparedQuery(DELETE_SOME_REQUESTS)
        .execute(Tuple.of(uid))
        .compose(rows -> rows.rowCount() > 0 ? delete(uid) : close(uid));
  }

  private Future<Void> close(UUID uid) {
    return pool.preparedQuery(CLOSE_LOADING).execute(Tuple.of(uid)).mapEmpty();
  }

  /** Some that nobody has added to for so long that nobody will. */
  Future<List<UUID>> leftBehind(Duration silent) {
    return pool.preparedQuery(FIND_LEFT_BEHIND)
        .execute(Tuple.of((double) silent.toSeconds()))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getUUID("uid"))
                    .toList());
  }
}
