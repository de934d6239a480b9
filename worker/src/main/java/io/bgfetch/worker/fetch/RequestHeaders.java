package io.bgfetch.worker.fetch;

import io.bgfetch.worker.coding.ContentCodings;
import java.util.HashMap;
import java.util.Map;

/** The headers that a request goes out with: the client's own, and what it left to us. */
final class RequestHeaders {

  private RequestHeaders() {}

  static Map<String, String> of(Hop hop, String userAgent) {
    Map<String, String> headers = new HashMap<>(hop.headers());
    headers.putIfAbsent("accept", "*/*");
    headers.putIfAbsent("accept-encoding", acceptEncoding(headers));
    headers.putIfAbsent("user-agent", userAgent);
    if (!hop.withBody() && sendsEmptyBody(hop.method())) {
      headers.put("content-length", "0");
    }
    return headers;
  }

  /** A range is of the coded form where there is one: it is of use only without. */
  private static String acceptEncoding(Map<String, String> headers) {
    return headers.containsKey("range") ? "identity" : ContentCodings.offered();
  }

  /** HTTP-network-or-cache fetch of the Fetch standard, section 4.6, says so. */
  private static boolean sendsEmptyBody(String method) {
    return method.equals("POST") || method.equals("PUT");
  }
}
