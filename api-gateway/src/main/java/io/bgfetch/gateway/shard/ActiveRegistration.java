package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.gateway.stats.Traffic;
import io.bgfetch.message.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One registration in the memory of its shard: its row as it was last locked, with what the present
 * step adds, and its records that are in flight.
 */
final class ActiveRegistration {

  private final RegistrationTerms terms;
  private final Tally tally;
  private final Quota quota;
  private final Map<Integer, InFlight> inFlight = new HashMap<>();
  private final Counts waitingFor = new Counts();
  private final Ahead ahead = new Ahead();
  private RegistrationState locked;
  private RegistrationState now;
  private int started;
  private int parked;
  private long received;
  private FetchResult endReason = FetchResult.NONE;

  ActiveRegistration(RegistrationTerms terms, RegistrationState state, Tally tally, Quota quota) {
    this.terms = terms;
    this.tally = tally;
    this.quota = quota;
    this.locked = state;
    this.now = state;
  }

  UUID uid() {
    return terms.uid();
  }

  RegistrationTerms terms() {
    return terms;
  }

  RegistrationState state() {
    return now;
  }

  /** The row is locked now, and this is what it says. */
  void lockedAs(RegistrationState row) {
    locked = row;
    now = row;
    received = 0;
  }

  @Nullable InFlight find(int index) {
    return inFlight.get(index);
  }

  Map<Integer, InFlight> inFlight() {
    return inFlight;
  }

  boolean hasBacklog() {
    return !now.paused() && !now.exhausted() && !ending();
  }

  /** Whether this step ends it, whatever its other records do. */
  boolean ending() {
    return endReason != FetchResult.NONE;
  }

  void fly(int index, InFlight record) {
    inFlight.put(index, record);
    waits(record, 1);
  }

  /** Its worker says whether it has its turn. */
  void started(InFlight record, boolean hasItsTurn) {
    if (record.started() != hasItsTurn) {
      record.startedAt(hasItsTurn);
      runs(hasItsTurn ? 1 : -1);
      waits(record, hasItsTurn ? -1 : 1);
    }
  }

  /** Moves the cursor of first releases; answers the index to release, or to park. */
  int dispatchNext() {
    int index = now.dispatched();
    now = with(index + 1, now.settled(), now.succeeded(), now.failed(), 0, 0, now.firstFailure());
    ahead.movedTo(index + 1);
    return index;
  }

  /** What is known of the records from the cursor on. */
  Ahead ahead() {
    return ahead;
  }

  /** So many of its records are parked by this owner, or fewer. */
  void park(int more) {
    int before = parked;
    parked = Math.max(0, before + more);
    tally.parked(parked - before);
  }

  int parked() {
    return parked;
  }

  /** A record that is in flight ends; its bytes take the place of those counted so far. */
  void settle(Outcome outcome) {
    InFlight record = Objects.requireNonNull(inFlight.get(outcome.index()));
    land(outcome.index());
    tally.settled(record.host);
    boolean success = outcome.result() == FetchResult.SUCCESS;
    FetchResult first =
        success || now.firstFailure() != FetchResult.NONE ? now.firstFailure() : outcome.result();
    now =
        with(
            now.dispatched(),
            now.settled() + 1,
            now.succeeded() + (success ? 1 : 0),
            now.failed() + (success ? 0 : 1),
            outcome.downloaded() - record.state().downloaded(),
            outcome.uploaded() - record.state().uploaded(),
            first);
  }

  /** What is known of a record in flight changes, and with it the registration's byte counts. */
  void become(InFlight record, UnderWay next) {
    UnderWay before = record.state();
    record.become(next);
    count(next.downloaded() - before.downloaded(), next.uploaded() - before.uploaded());
  }

  /** Bytes were received or sent, or thrown away. */
  void count(long downloaded, long uploaded) {
    now =
        with(
            now.dispatched(),
            now.settled(),
            now.succeeded(),
            now.failed(),
            downloaded,
            uploaded,
            now.firstFailure());
  }

  /** Records that are released and of which nobody said that they have started. */
  int waiting() {
    return inFlight.size() - started;
  }

  /** A record that waits is in flight no more. */
  void land(int index) {
    InFlight record = Objects.requireNonNull(inFlight.remove(index));
    waitsNoMore(record);
    runs(record.started() ? -1 : 0);
  }

  private void runs(int more) {
    started += more;
    tally.runs(terms.tenant(), more);
  }

  private void waitsNoMore(InFlight record) {
    if (!record.started()) {
      waits(record, -1);
    }
  }

  private void waits(InFlight record, int more) {
    waitingFor.add(record.host, more);
    tally.waits(terms.tenant(), record.host, more);
  }

  /** Those of its records that wait for a host. */
  int waitingFor(String host) {
    return waitingFor.of(host);
  }

  /** Nothing of it is in flight or parked any more. */
  void landAll() {
    inFlight.values().forEach(this::waitsNoMore);
    inFlight.clear();
    runs(-started);
    park(-parked);
  }

  /** The whole registration ends in this step: its other records become aborted. */
  void endAtOnce(FetchResult reason) {
    if (!ending()) {
      endReason = reason;
    }
  }

  /** How much it may still store. */
  Room room() {
    long declared =
        now.downloadTotal() == 0 ? Long.MAX_VALUE : now.downloadTotal() - now.downloaded();
    return new Room(declared, quota.left(terms.tenant()));
  }

  /** Bytes that came to it, or were thrown away, since its row was locked. */
  long stored() {
    return now.downloaded() - locked.downloaded();
  }

  /**
   * What came since its row was locked: records that ended by themselves, and bytes, also those
   * that were thrown away since.
   */
  Traffic traffic() {
    return new Traffic(now.settled() - locked.settled(), received);
  }

  /** Whether the one task of its attempt that may send the request is another one. */
  boolean isGrantedToAnother(Task task) {
    InFlight record = inFlight.get(task.index());
    return record != null && record.isGrantedToAnother(task);
  }

  /** Whether the task that names a record is the one that is current. */
  boolean isCurrent(Task task) {
    InFlight record = inFlight.get(task.index());
    return record != null && record.isCurrent(task);
  }

  /**
   * The new values of the row; null where nothing changed.
   *
   * @param millis Postgres's clock
   */
  Decision.@Nullable Change change(long millis) {
    if (ending()) {
      int others = now.total() - now.settled();
      return changeTo(
          now.total(), now.failed() + others, RegistrationResult.FAILURE, endReason, millis);
    }
    if (now.settled() == now.total()) {
      RegistrationResult result =
          now.failed() == 0 ? RegistrationResult.SUCCESS : RegistrationResult.FAILURE;
      return changeTo(now.settled(), now.failed(), result, now.firstFailure(), millis);
    }
    return now.equals(locked)
        ? null
        : changeTo(now.settled(), now.failed(), RegistrationResult.NONE, FetchResult.NONE, millis);
  }

  private Decision.Change changeTo(
      int settled, int failed, RegistrationResult result, FetchResult failureReason, long millis) {
    return new Decision.Change(
        uid(),
        now.dispatched(),
        settled,
        now.succeeded(),
        failed,
        now.downloaded(),
        now.uploaded(),
        now.firstFailure(),
        result,
        failureReason,
        Math.max(now.version() + 1, millis));
  }

  private RegistrationState with(
      int dispatched,
      int settled,
      int succeeded,
      int failed,
      long moreDownloaded,
      long moreUploaded,
      FetchResult firstFailure) {
    quota.count(terms.tenant(), moreDownloaded);
    received += Math.max(0, moreDownloaded);
    return new RegistrationState(
        now.uid(),
        now.paused(),
        now.version(),
        now.total(),
        dispatched,
        settled,
        succeeded,
        failed,
        now.downloadTotal(),
        now.downloaded() + moreDownloaded,
        now.uploaded() + moreUploaded,
        firstFailure);
  }
}
