package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registration as it was at one moment.
 *
 * <pre>{@code
 * RegistrationState state = registration.refresh();
 * System.out.println(state.records().settled() + " of " + state.records().total()
 *     + (state.active() ? "" : ", " + state.result()));
 * }</pre>
 *
 * @param id chosen by who registered it; unique among the active ones
 * @param uid made by the service, never reused
 * @param title as shown to people, empty when none was given
 * @param icons as shown to people, empty when none were given
 * @param uploadTotal bytes of all request bodies
 * @param uploaded bytes of them sent so far
 * @param downloadTotal the declared limit of bytes, 0 when none was declared
 * @param downloaded bytes of response bodies received and kept so far
 * @param result {@code ""} while active, then {@code "success"} or {@code "failure"}
 * @param failureReason {@code ""}, {@code "aborted"}, {@code "bad-status"}, {@code "fetch-error"},
 *     {@code "quota-exceeded"} or {@code "download-total-exceeded"}
 * @param recordsAvailable whether its records can (still) be read
 * @param paused whether it starts nothing at present
 * @param version grows with every change
 * @param records how many there are and how they went
 * @param createdAt when it was registered
 * @param endedAt when it ended, null while active
 * @param expiresAt when its records go, null while active
 */
public record RegistrationState(
    String id,
    String uid,
    String title,
    List<Icon> icons,
    long uploadTotal,
    long uploaded,
    long downloadTotal,
    long downloaded,
    String result,
    String failureReason,
    boolean recordsAvailable,
    boolean paused,
    long version,
    RecordCounts records,
    @Nullable Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable Instant expiresAt) {

  /**
   * How many records a registration has and how they went.
   *
   * <pre>{@code
   * long left = registration.state().records().total() - registration.state().records().settled();
   * }</pre>
   *
   * @param total all of them
   * @param settled those that have ended
   * @param succeeded those that ended well
   * @param failed those that did not
   */
  public record RecordCounts(long total, long settled, long succeeded, long failed) {}

  /** Whether it has not ended yet. */
  public boolean active() {
    return result.isEmpty();
  }

  static RegistrationState of(JsonNode json) {
    JsonNode counts = json.path("records");
    return new RegistrationState(
        json.path("id").asText(),
        json.path("uid").asText(),
        json.path("title").asText(),
        Icon.listOf(json.path("icons")),
        json.path("uploadTotal").asLong(),
        json.path("uploaded").asLong(),
        json.path("downloadTotal").asLong(),
        json.path("downloaded").asLong(),
        json.path("result").asText(),
        json.path("failureReason").asText(),
        json.path("recordsAvailable").asBoolean(),
        json.path("paused").asBoolean(),
        json.path("version").asLong(),
        new RecordCounts(
            counts.path("total").asLong(),
            counts.path("settled").asLong(),
            counts.path("succeeded").asLong(),
            counts.path("failed").asLong()),
        Json.instantOrNull(json, "createdAt"),
        Json.instantOrNull(json, "endedAt"),
        Json.instantOrNull(json, "expiresAt"));
  }
}
