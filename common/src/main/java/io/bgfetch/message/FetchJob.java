package io.bgfetch.message;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record released to the workers: an order to fetch it, and for a short time the permission to
 * send its first byte.
 *
 * @param shard who decides about the registration, and the partition of the events topic
 * @param lane {@code host#k}, the key of the message
 * @param version the registration's version at release: a pause hits only older jobs
 * @param releasedAt milliseconds since the epoch by Postgres's clock
 * @param bytesAllowed how many bytes may be stored for this record, {@link Long#MAX_VALUE} for any
 * @param overrun what the record ends as when its body is longer: {@code download-total-exceeded}
 *     or {@code quota-exceeded}
 * @param connectedMillis how long earlier attempts were connected, which counts against the total
 *     deadline
 * @param resume what earlier attempts stored and the head that it belongs to, null for a fresh
 *     start
 */
public record FetchJob(
    UUID uid,
    int index,
    int attempt,
    int shard,
    String tenant,
    String lane,
    long version,
    long releasedAt,
    FetchRequest request,
    RetryPolicy retry,
    Timeouts timeouts,
    long bytesAllowed,
    FetchResult overrun,
    long connectedMillis,
    @Nullable Resume resume) {

  /** The task that a worker makes of this job. */
  public Task task(String token) {
    return new Task(uid, index, attempt, token);
  }

  /** A body that broke off: its first response head and the segments that are stored. */
  public record Resume(RecordResponse response, StoredBody.Segments stored) {}
}
