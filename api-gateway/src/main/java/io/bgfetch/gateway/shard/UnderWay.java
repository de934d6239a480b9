package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a record between its first release and its end. Immutable; each move of a
 * record's life is a method.
 *
 * @param attempt the one that is current, counted from 1; 0 while it is parked: its turn had come,
 *     but its host had no room
 * @param tries attempts in a row that count against the retry limit; one that stored new bytes is
 *     the first of a new row
 * @param lost attempts in a row whose worker was lost
 * @param nextTry when it may be released again, in milliseconds since the epoch; null while it is
 *     released
 * @param grant the task that may send an unsafe request; null where none was given one
 * @param response the head of the response, while its body arrives
 * @param stored segments of the body that are durable
 * @param downloaded bytes of the body that were received and not thrown away
 * @param spent by all attempts
 */
record UnderWay(
    int attempt,
    int tries,
    int lost,
    @Nullable Long nextTry,
    @Nullable Grant grant,
    @Nullable RecordResponse response,
    StoredBody.@Nullable Segments stored,
    long downloaded,
    Spent spent) {

  /** A grant is bound to one task: its attempt and its token. */
  record Grant(int attempt, String token) {
    boolean isOf(Task task) {
      return attempt == task.attempt() && token.equals(task.token());
    }
  }

  /** A record that was just released for the first time. */
  static final UnderWay FIRST_ATTEMPT =
      new UnderWay(1, 0, 0, null, null, null, null, 0, Spent.NOTHING);

  /** A record that was passed over when its turn had come, and may be released from then on. */
  static UnderWay parked(long at) {
    return new UnderWay(0, 0, 0, at, null, null, null, 0, Spent.NOTHING);
  }

  /** Whether it was never released. */
  boolean parked() {
    return attempt == 0;
  }

  /** One that waits does so until then, at least. */
  UnderWay notBefore(long at) {
    return nextTry == null || nextTry >= at
        ? this
        : new UnderWay(attempt, tries, lost, at, grant, response, stored, downloaded, spent);
  }

  boolean waiting() {
    return nextTry != null;
  }

  long uploaded() {
    return spent.uploaded();
  }

  long storedBytes() {
    return stored == null ? 0 : stored.size();
  }

  /** Released again, as the next attempt. */
  UnderWay released() {
    return new UnderWay(
        attempt + 1, tries, lost, null, grant, response, stored, downloaded, spent.before());
  }

  UnderWay granted(Task task) {
    Grant now = new Grant(task.attempt(), task.token());
    return new UnderWay(attempt, tries, lost, nextTry, now, response, stored, downloaded, spent);
  }

  /**
   * A worker told how many bytes there are: no fewer than are durable, whoever tells it. Another
   * task of the same attempt may be behind, and what it counts too low would come back unlimited.
   */
  UnderWay counted(long nowDownloaded) {
    long most = Math.max(nowDownloaded, storedBytes());
    return new UnderWay(attempt, tries, lost, nextTry, grant, response, stored, most, spent);
  }

  /** A worker told what the current attempt has spent so far. */
  UnderWay spent(long uploadedInThis, long connectedInThis) {
    Spent now = spent.nowWith(uploadedInThis, connectedInThis);
    return new UnderWay(attempt, tries, lost, nextTry, grant, response, stored, downloaded, now);
  }

  /**
   * The head of a new response is known, and what was stored of another one is thrown away. News
   * from the origin, so the worker is not one that the job kills.
   */
  UnderWay answered(RecordResponse head) {
    long kept = stored == null ? downloaded : 0;
    return new UnderWay(attempt, tries, 0, nextTry, grant, head, null, kept, spent);
  }

  /** A segment more is durable. */
  UnderWay stored(RecordResponse head, StoredBody.Segments manifest) {
    long most = Math.max(downloaded, manifest.size());
    return new UnderWay(attempt, tries, 0, nextTry, grant, head, manifest, most, spent);
  }

  /** The attempt failed in a way that may pass; it is tried again at {@code at}. */
  UnderWay waitingAfterFailure(long at, boolean newBytes, FetchJob.@Nullable Resume kept) {
    int row = newBytes && kept != null ? 1 : tries + 1;
    return new UnderWay(attempt, row, 0, at, grant, response, stored, downloaded, spent)
        .keeping(kept);
  }

  /**
   * A worker's last word of what the next attempt may go on from. The news of it before may have
   * got lost.
   */
  UnderWay keeping(FetchJob.@Nullable Resume kept) {
    return kept == null
        ? new UnderWay(attempt, tries, lost, nextTry, grant, null, null, 0, spent)
        : new UnderWay(
            attempt,
            tries,
            lost,
            nextTry,
            grant,
            kept.response(),
            kept.stored(),
            kept.stored().size(),
            spent);
  }

  /**
   * Its worker was lost. That does not count as a try, but ends the row before it where the attempt
   * stored something new.
   */
  UnderWay waitingAfterLoss(long at, boolean newBytes) {
    return waitingAgain(at, lost + 1, newBytes);
  }

  /** Its worker gave it back, or it was never let go. */
  UnderWay waitingGivenBack(long at, boolean newBytes) {
    return waitingAgain(at, lost, newBytes);
  }

  private UnderWay waitingAgain(long at, int nowLost, boolean newBytes) {
    int row = newBytes ? 0 : tries;
    return new UnderWay(attempt, row, nowLost, at, grant, response, stored, storedBytes(), spent);
  }

  /** What the next attempt may go on from; null where nothing is stored. */
  FetchJob.@Nullable Resume resume() {
    return stored == null || stored.segments().isEmpty()
        ? null
        : new FetchJob.Resume(Objects.requireNonNull(response), stored);
  }

  /** Whether it is the same but for the time that passed in it. */
  boolean differsInTimeOnly(UnderWay other) {
    Spent likeOther =
        new Spent(
            spent.uploaded(),
            spent.uploadedBefore(),
            other.spent.connected(),
            spent.connectedBefore());
    return other.equals(
        new UnderWay(
            attempt, tries, lost, nextTry, grant, response, stored, downloaded, likeOther));
  }
}
