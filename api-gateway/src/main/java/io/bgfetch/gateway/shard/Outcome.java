package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent.Settled;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a record ended: written once. */
record Outcome(
    UUID uid,
    int index,
    FetchResult result,
    @Nullable String error,
    int attempts,
    @Nullable RecordResponse response,
    @Nullable StoredBody body,
    @Nullable String digest,
    long downloaded,
    long uploaded) {

  /** An ending that a worker reported. */
  static Outcome of(Settled settled, long uploadedInAll) {
    return new Outcome(
        settled.task().uid(),
        settled.task().index(),
        settled.result(),
        settled.error(),
        settled.task().attempt(),
        settled.response(),
        settled.body(),
        settled.digest(),
        settled.downloaded(),
        uploadedInAll);
  }

  /** An ending that the shard decided. */
  static Outcome failed(RecordId id, FetchResult result, String error, UnderWay state) {
    return new Outcome(
        id.uid(),
        id.index(),
        result,
        error,
        state.attempt(),
        null,
        null,
        null,
        state.downloaded(),
        state.uploaded());
  }

  /** The same ending, but unreadable, for another reason. */
  Outcome refusedAs(FetchResult reason, String why) {
    return new Outcome(uid, index, reason, why, attempts, null, null, null, downloaded, uploaded);
  }
}
