package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.message.Task;
import io.bgfetch.url.WebUrl;
import org.jspecify.annotations.Nullable;

/** A record that is released and has not ended: where it is and what is known of it. */
final class InFlight {

  /** How much time must pass, in milliseconds, to be worth a write where nothing else happens. */
  private static final long TIME_WORTH_WRITING = 5_000;

  private static final long NOT_LEFT = Long.MAX_VALUE;

  final FetchRequest request;

  /** Whom it is fetched from, {@code host:port}. */
  final String host;

  private UnderWay state;
  private UnderWay written;
  private boolean inTable;
  private boolean storedMore;
  private long allowed = Long.MAX_VALUE;
  private @Nullable String worker;
  private boolean started;
  private long heardAt;
  private Barrier barrier;
  private long leftQueueAt = NOT_LEFT;

  /**
   * Makes one.
   *
   * @param inTable whether Postgres has a row of it
   * @param heardAt the shard's clock from which silence counts
   */
  InFlight(FetchRequest request, UnderWay state, boolean inTable, long heardAt, Barrier barrier) {
    this.request = request;
    this.host = WebUrl.parse(request.url()).authority();
    this.state = state;
    this.written = state;
    this.inTable = inTable;
    this.heardAt = heardAt;
    this.barrier = barrier;
  }

  UnderWay state() {
    return state;
  }

  boolean inTable() {
    return inTable;
  }

  boolean started() {
    return started;
  }

  boolean isCurrent(Task task) {
    return state.attempt() == task.attempt();
  }

  /**
   * Whether the grant of the task's attempt is another task's: two workers were handed one job, and
   * this one is not the one that may send it.
   */
  boolean isGrantedToAnother(Task task) {
    UnderWay.Grant grant = state.grant();
    return grant != null && grant.attempt() == task.attempt() && !grant.isOf(task);
  }

  /** Its worker lives. */
  void heardOf(String reporter, long clock) {
    worker = reporter;
    heardAt = clock;
  }

  void startedAt(boolean hasItsTurn) {
    started = hasItsTurn;
  }

  void become(UnderWay next) {
    state = next;
  }

  /** Its current attempt has made more bytes durable than there were. */
  void storedMore() {
    storedMore = true;
  }

  boolean hasStoredMore() {
    return storedMore;
  }

  /** Its job says that so many bytes may be stored. */
  void allow(long bytes) {
    allowed = bytes;
  }

  /** How many bytes its worker believes that it may store; any number where nobody knows. */
  long allowed() {
    return allowed;
  }

  /** Whether its row must be written, which is then taken as done. */
  boolean takeChanged() {
    long time = state.spent().connected() - written.spent().connected();
    if (time < TIME_WORTH_WRITING && state.differsInTimeOnly(written)) {
      return false;
    }
    written = state;
    inTable = true;
    return true;
  }

  void produced(Barrier where) {
    barrier = where;
  }

  /** Whether its worker has been silent for longer than {@code ticks}. */
  boolean workerIsSilent(long clock, int ticks) {
    return worker != null && clock - heardAt > ticks;
  }

  /** Whether nobody has reported it for longer than {@code ticks} since it was released. */
  boolean neverReported(long clock, int ticks) {
    return worker == null && clock - heardAt > ticks;
  }

  /**
   * The queue is looked at. One that has left it is noted as long as it does not come back; a job
   * whose place is unknown is first given bounds.
   *
   * @param written the shard's clock once it will have read all ticks that stand in its log now
   */
  void lookedFor(QueueView queue, long written) {
    if (barrier instanceof Barrier.Unknown) {
      barrier = new Barrier.Before(queue.ends());
    }
    leftQueueAt = barrier.passed(queue) ? Math.min(leftQueueAt, written) : NOT_LEFT;
  }

  /** Whether it is known to have left the queue for at least {@code ticks}. */
  boolean hasLeftQueue(long clock, int ticks) {
    return leftQueueAt != NOT_LEFT && clock - leftQueueAt >= ticks;
  }
}
