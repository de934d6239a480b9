package io.bgfetch.fetch;

import java.util.Map;

/**
 * The head of a record's response, known before its body.
 *
 * @param url where it came from, after redirects, without fragment
 * @param redirected whether at least one redirect was followed
 * @param status the HTTP status code
 * @param statusText the reason phrase, empty where the origin sent none
 * @param headers lower-case names, values of one name joined by {@code ", "}; without {@code
 *     set-cookie}, {@code content-length} and {@code content-range}
 */
public record RecordResponse(
    String url, boolean redirected, int status, String statusText, Map<String, String> headers) {

  public RecordResponse {
    headers = Map.copyOf(headers);
  }

  /** Whether the status is in the range that Fetch calls an ok status. */
  public boolean ok() {
    return status >= 200 && status <= 299;
  }
}
