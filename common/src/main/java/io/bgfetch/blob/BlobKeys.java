package io.bgfetch.blob;

import java.util.UUID;

/**
 * The names of blobs. {@code {uid}/{index}/{attempt}-{token}/{n}}: the random token of the task
 * keeps two tasks apart that believe to be the same attempt, so that no blob is ever written twice.
 */
public final class BlobKeys {

  private BlobKeys() {}

  /** Segment {@code n} of the response body that one task stores. */
  public static String responseSegment(UUID uid, int index, int attempt, String token, int n) {
    return uid + "/" + index + "/" + attempt + "-" + token + "/" + n;
  }

  /** Segment {@code n} of a request body, stored when it was registered. */
  public static String requestSegment(UUID uid, int index, int n) {
    return uid + "/" + index + "/request/" + n;
  }
}
