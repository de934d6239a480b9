package io.bgfetch.fetch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a record's response, known before its body.
 *
 * @param url where it came from, after redirects, without fragment
 * @param redirected whether at least one redirect was followed
 * @param status the HTTP status code
 * @param statusText the reason phrase, empty where the origin sent none
 * @param headers lower-case names, values of one name joined by {@code ", "}; without {@code
 *     set-cookie}, {@code content-length} and {@code content-range}
 * @param length how many bytes the whole body has, as far as the origin has said: what resumes it
 *     must agree. Null where it is not known. Clients are not shown it
 */
public record RecordResponse(
    String url,
    boolean redirected,
    int status,
    String statusText,
    Map<String, String> headers,
    @Nullable Long length) {

  public RecordResponse {
    headers = Map.copyOf(headers);
  }

  /** A head that does not say how long its body is. */
  public RecordResponse(
      String url, boolean redirected, int status, String statusText, Map<String, String> headers) {
    this(url, redirected, status, statusText, headers, null);
  }

  /** The same head, its body of this length. */
  public RecordResponse ofLength(@Nullable Long bytes) {
    return new RecordResponse(url, redirected, status, statusText, headers, bytes);
  }

  /** Whether the status is in the range that Fetch calls an ok status. */
  public boolean ok() {
    return status >= 200 && status <= 299;
  }
}
