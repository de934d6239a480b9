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
 * @param attempt the one that is current, counted from 1
 * @param tries attempts in a row that brought no new byte and count against the retry limit
 * @param lost attempts in a row whose worker was lost
 * @param nextTry when it may be released again, in milliseconds since the epoch; null while it is
 *     released
 * @param grant the task that may send an unsafe request; null where none was given one
 * @param response the head of the response, while its body arrives
 * @param stored segments of the body that are durable
 * @param downloaded bytes of the body that were received and not thrown away
 * @param uploaded request body bytes sent over all attempts
 * @param uploadedBefore those of them that attempts before the current one sent
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
    long uploaded,
    long uploadedBefore) {

  /** A grant is bound to one task: its attempt and its token. */
  record Grant(int attempt, String token) {
    boolean isOf(Task task) {
      return attempt == task.attempt() && token.equals(task.token());
    }
  }

  /** A record that was just released for the first time. */
  static final UnderWay FIRST_ATTEMPT = new UnderWay(1, 0, 0, null, null, null, null, 0, 0, 0);

  boolean waiting() {
    return nextTry != null;
  }

  /** Released again, as the next attempt. */
  UnderWay released() {
    return new UnderWay(
        attempt + 1, tries, lost, null, grant, response, stored, downloaded, uploaded, uploaded);
  }

  UnderWay granted(Task task) {
    return new UnderWay(
        attempt,
        tries,
        lost,
        nextTry,
        new Grant(task.attempt(), task.token()),
        response,
        stored,
        downloaded,
        uploaded,
        uploadedBefore);
  }

  /** A worker reported how far it is. */
  UnderWay counted(long nowDownloaded, long nowUploaded) {
    return new UnderWay(
        attempt,
        tries,
        lost,
        nextTry,
        grant,
        response,
        stored,
        nowDownloaded,
        nowUploaded,
        uploadedBefore);
  }

  /** The head is known: news from the origin, so the worker is not one that the job kills. */
  UnderWay answered(RecordResponse head) {
    return new UnderWay(
        attempt, tries, 0, nextTry, grant, head, stored, downloaded, uploaded, uploadedBefore);
  }

  /** A segment more is durable. */
  UnderWay stored(RecordResponse head, StoredBody.Segments manifest) {
    return new UnderWay(
        attempt,
        tries,
        0,
        nextTry,
        grant,
        head,
        manifest,
        Math.max(downloaded, manifest.size()),
        uploaded,
        uploadedBefore);
  }

  /** The attempt failed in a way that may pass; it is tried again at {@code at}. */
  UnderWay waitingAfterFailure(long at, boolean newBytes, boolean keepStored) {
    return new UnderWay(
        attempt,
        newBytes && keepStored ? 1 : tries + 1,
        0,
        at,
        grant,
        keepStored ? response : null,
        keepStored ? stored : null,
        keepStored && stored != null ? stored.size() : 0,
        uploaded,
        uploadedBefore);
  }

  /** Its worker was lost. */
  UnderWay waitingAfterLoss(long at) {
    return waitingAgain(at, lost + 1);
  }

  /** Its worker gave it back, or it was never let go. */
  UnderWay waitingGivenBack(long at) {
    return waitingAgain(at, lost);
  }

  private UnderWay waitingAgain(long at, int nowLost) {
    long kept = stored == null ? 0 : stored.size();
    return new UnderWay(
        attempt, tries, nowLost, at, grant, response, stored, kept, uploaded, uploadedBefore);
  }

  /** What the next attempt may go on from; null where nothing is stored. */
  FetchJob.@Nullable Resume resume() {
    return stored == null || stored.segments().isEmpty()
        ? null
        : new FetchJob.Resume(Objects.requireNonNull(response), stored);
  }
}
