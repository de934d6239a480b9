package io.bgfetch.gateway.registering;

import static io.bgfetch.gateway.registering.RegisteringSql.ABANDON;
import static io.bgfetch.gateway.registering.RegisteringSql.ADMIT;
import static io.bgfetch.gateway.registering.RegisteringSql.CLOSE_LOADING;
import static io.bgfetch.gateway.registering.RegisteringSql.DELETE_SOME_REQUESTS;
import static io.bgfetch.gateway.registering.RegisteringSql.FIND_ACTIVE_OF_ID;
import static io.bgfetch.gateway.registering.RegisteringSql.FIND_LEFT_BEHIND;
import static io.bgfetch.gateway.registering.RegisteringSql.OPEN_LOADING;
import static io.bgfetch.gateway.registering.RegisteringSql.REGISTER;
import static io.bgfetch.gateway.registering.RegisteringSql.STORE_BATCH;
import static io.bgfetch.gateway.registering.RegisteringSql.TOUCH_LOADING;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.IdHash;
import io.bgfetch.gateway.database.PostgresFailure;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.RegistrationGroups.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Registrations on their way into Postgres. */
final class RegistrationStore {

  private static final String ID_IS_UNIQUE = "id_is_unique_among_the_active";

  private final Pool pool;
  private final int mostActive;
  private final long quotaBytes;
  private final RegistrationGroups groups;

  RegistrationStore(Pool pool, RegisteringLimits limits) {
    this.pool = pool;
    this.groups = new RegistrationGroups(pool, limits, this::registerAlone);
    this.mostActive = limits.activeRegistrations();
    this.quotaBytes = limits.quotaBytes();
  }

  /**
   * What a registration needs to exist when all but its last batch is stored.
   *
   * @param last batch, which may be empty where there are others
   * @param opened whether {@link #open} was called for it
   * @param uploadTotal bytes of all request bodies
   * @param allGet whether every request of it is a GET
   */
  record Completion(RequestBatch last, boolean opened, long uploadTotal, boolean allGet) {}

  /** Begins a registration that does not come in one batch. */
  Future<Void> open(UUID uid) {
    return pool.preparedQuery(OPEN_LOADING).execute(Tuple.of(uid)).mapEmpty();
  }

  /** Keeps an opened registration from being taken for one that was left behind. */
  Future<Void> touch(UUID uid) {
    return pool.preparedQuery(TOUCH_LOADING).execute(Tuple.of(uid)).mapEmpty();
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
   * Refuses early what {@link #register} would refuse as things are now, so that large bodies are
   * not sent for nothing.
   *
   * @param uploadBytes of bodies that are there already
   * @return how many bytes of further bodies fit what its tenant may store
   */
  Future<Long> admit(NewRegistration registration, long uploadBytes) {
    RegistrationHead head = registration.head();
    return pool.preparedQuery(ADMIT)
        .execute(Tuple.of(registration.tenant(), IdHash.of(head.id()), mostActive, quotaBytes))
        .map(rows -> room(rows.iterator().next()) - head.downloadTotal() - uploadBytes)
        .map(this::requireRoom);
  }

  private long room(Row row) {
    if (row.getLong("active") >= mostActive) {
      throw Problem.tooManyActive(mostActive).toException();
    }
    UUID active = row.getUUID("uid");
    if (active != null) {
      throw Problem.idIsActive(active).toException();
    }
    return row.getLong("room");
  }

  private long requireRoom(long room) {
    if (room < 0) {
      throw Problem.quotaExceeded(quotaBytes).toException();
    }
    return room;
  }

  /** Stores the last batch and makes the registration exist, or nothing. */
  Future<Registration> register(NewRegistration registration, Completion completion) {
    Member member = new Member(registration, completion);
    return member.isShort() ? groups.register(member) : registerAlone(member);
  }

  private Future<Registration> registerAlone(Member member) {
    NewRegistration registration = member.registration();
    Completion completion = member.completion();
    RequestBatch last = completion.last();
    Tuple tuple = columns(registration, completion);
    tuple.addInteger(mostActive).addLong(quotaBytes).addBoolean(completion.opened());
    addClaim(tuple, registration.claim()).addInteger(last.firstIndex());
    return pool.preparedQuery(REGISTER)
        .execute(RequestColumns.of(last).addTo(tuple))
        .compose(rows -> created(registration, rows))
        .recover(cause -> asProblem(registration, cause));
  }

  private Future<Registration> created(NewRegistration registration, RowSet<Row> rows) {
    Row row = rows.iterator().next();
    if (row.getUUID("uid") != null) {
      return Future.succeededFuture(RegistrationRows.registration(row));
    }
    if (row.getLong("active") >= mostActive) {
      return Future.failedFuture(Problem.tooManyActive(mostActive).toException());
    }
    return row.getBoolean("fits")
        ? Future.failedFuture(Problem.unavailable().toException())
        : doesNotFit(registration);
  }

  /** That the id is active comes before. */
  private Future<Registration> doesNotFit(NewRegistration registration) {
    return activeOfId(registration)
        .compose(
            active ->
                Future.failedFuture(
                    active
                        .map(Problem::idIsActive)
                        .orElseGet(() -> Problem.quotaExceeded(quotaBytes))
                        .toException()));
  }

  private Future<Registration> asProblem(NewRegistration registration, Throwable cause) {
    return PostgresFailure.isDuplicate(cause, ID_IS_UNIQUE)
        ? activeOfId(registration)
            .compose(
                active ->
                    Future.failedFuture(
                        active
                            .map(Problem::idIsActive)
                            .orElseGet(Problem::idWasActive)
                            .toException()))
        : Future.failedFuture(cause);
  }

  private Future<Optional<UUID>> activeOfId(NewRegistration registration) {
    return pool.preparedQuery(FIND_ACTIVE_OF_ID)
        .execute(Tuple.of(registration.tenant(), IdHash.of(registration.head().id())))
        .map(RegistrationStore::uids)
        .map(uids -> uids.stream().findFirst());
  }

  private static Tuple addClaim(Tuple tuple, @Nullable KeyClaim claim) {
    return claim == null
        ? tuple.addString(null).addUUID(null).addBuffer(null).addDouble(null)
        : tuple
            .addString(claim.key())
            .addUUID(claim.holder())
            .addBuffer(claim.identity().hash())
            .addDouble(KeyStore.seconds(claim.keep()));
  }

  private static Tuple columns(NewRegistration registration, Completion completion) {
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
        .addLong(completion.uploadTotal())
        .addLong(head.downloadTotal())
        .addInteger(completion.last().nextIndex())
        .addBoolean(completion.allGet());
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

  /** A page of those that nobody has added to for so long that nobody will. */
  Future<List<UUID>> leftBehind(Duration silent) {
    return pool.preparedQuery(FIND_LEFT_BEHIND)
        .execute(Tuple.of((double) silent.toSeconds(), RegisteringSql.LEFT_BEHIND_PAGE))
        .map(RegistrationStore::uids);
  }

  private static List<UUID> uids(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID("uid")).toList();
  }
}
