package io.bgfetch.fetch;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of one background fetch as its clients see it: the {@code BackgroundFetchRegistration}
 * of the specification and what a server adds.
 *
 * @param tenant whose it is; never shown
 * @param uid made by the service, never reused (UUIDv7)
 * @param id chosen by the client, unique among the tenant's active registrations
 * @param uploadTotal bytes of all request bodies
 * @param uploaded request body bytes sent so far
 * @param downloadTotal what the client declared, 0 where it did not
 * @param downloaded response body bytes received and not thrown away
 * @param failureReason empty until it failed
 * @param recordsAvailable false once released or expired
 * @param version raised by every change, never lowered
 */
public record Registration(
    String tenant,
    UUID uid,
    String id,
    String title,
    List<Icon> icons,
    long uploadTotal,
    long uploaded,
    long downloadTotal,
    long downloaded,
    RegistrationResult result,
    FetchResult failureReason,
    boolean recordsAvailable,
    boolean paused,
    long version,
    RecordCounts records,
    Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable Instant expiresAt) {

  public Registration {
    icons = List.copyOf(icons);
  }

  /** Whether it has not ended. */
  public boolean active() {
    return result == RegistrationResult.NONE;
  }

  /** The same under another version: an end is told of with the version in which it came. */
  public Registration atVersion(long other) {
    return new Registration(
        tenant,
        uid,
        id,
        title,
        icons,
        uploadTotal,
        uploaded,
        downloadTotal,
        downloaded,
        result,
        failureReason,
        recordsAvailable,
        paused,
        other,
        records,
        createdAt,
        endedAt,
        expiresAt);
  }

  /**
   * How many records there are and how many of them have ended.
   *
   * @param settled those that ended, succeeded and failed together
   */
  public record RecordCounts(int total, int settled, int succeeded, int failed) {}
}
