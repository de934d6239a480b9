package io.bgfetch.blob;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of blobs. Those of a response body are {@code
 * {uid}/r{index/1024}/{index}-{attempt}-{token}-{n}}: the random token of the task keeps two tasks
 * apart that believe to be the same attempt, so that no blob is ever written twice. A thousand
 * records share a directory, since on a file system making a directory costs as much as storing a
 * small body.
 */
public final class BlobKeys {

  private static final int RECORDS_TOGETHER = 1_024;
  private static final Pattern OF_RECORD =
      Pattern.compile("[^/]+/(?:r\\d+/(?<response>\\d{1,9})-|(?<request>\\d{1,9})/).+");

  private BlobKeys() {}

  /** Segment {@code n} of the response body that one task stores. */
  public static String responseSegment(UUID uid, int index, int attempt, String token, int n) {
    return uid
        + "/r"
        + index / RECORDS_TOGETHER
        + "/"
        + index
        + "-"
        + attempt
        + "-"
        + token
        + "-"
        + n;
  }

  /** Segment {@code n} of a request body, stored when it was registered. */
  public static String requestSegment(UUID uid, int index, int n) {
    return uid + "/" + index + "/request/" + n;
  }

  /** The index of the record that a blob belongs to; -1 where its name is none of the above. */
  public static int indexOf(String key) {
    Matcher matcher = OF_RECORD.matcher(key);
    if (!matcher.matches()) {
      return -1;
    }
    String response = matcher.group("response");
    return Integer.parseInt(response == null ? matcher.group("request") : response);
  }
}
