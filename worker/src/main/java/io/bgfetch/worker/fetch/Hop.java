package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.url.WebUrl;
import java.util.HashMap;
import java.util.Map;

/**
 * One request of a fetch: the first one, or one that a redirect led to.
 *
 * @param headers lower-case names
 * @param withBody whether the record's request body goes along
 * @param redirects how many redirects led here
 */
record Hop(
    WebUrl url, String method, Map<String, String> headers, boolean withBody, int redirects) {

  static Hop first(FetchRequest request) {
    return new Hop(
        WebUrl.parse(request.url()),
        request.method(),
        request.headers(),
        request.body() != null,
        0);
  }

  /** The same request for what comes behind so many bytes, in the form in which they came. */
  Hop from(long position) {
    Map<String, String> ranged = new HashMap<>(headers);
    ranged.put("range", "bytes=" + position + "-");
    ranged.put("accept-encoding", "identity");
    return new Hop(url, method, Map.copyOf(ranged), withBody, redirects);
  }
}
