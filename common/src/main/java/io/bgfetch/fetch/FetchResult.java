package io.bgfetch.fetch;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a record ended; {@link #NONE} while it has not. The wire names are those of the Background
 * Fetch specification's {@code BackgroundFetchFailureReason}, with {@code success} and the empty
 * string beside them.
 */
public enum FetchResult {
  NONE(""),
  SUCCESS("success"),
  BAD_STATUS("bad-status"),
  FETCH_ERROR("fetch-error"),
  QUOTA_EXCEEDED("quota-exceeded"),
  DOWNLOAD_TOTAL_EXCEEDED("download-total-exceeded"),
  ABORTED("aborted");

  private final String wireName;

  FetchResult(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** Whether status, headers and body of such a record may be read. */
  public boolean readable() {
    return this == SUCCESS || this == BAD_STATUS;
  }

  /** The result of this wire name; empty for a name that is none. */
  public static Optional<FetchResult> ofWireName(String wireName) {
    return Arrays.stream(values()).filter(r -> r.wireName.equals(wireName)).findFirst();
  }
}
