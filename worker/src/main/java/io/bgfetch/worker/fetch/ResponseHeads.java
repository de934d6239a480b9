package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The head of a response as a record shows it. */
final class ResponseHeads {

  private static final Set<String> LEFT_OUT =
      Set.of("set-cookie", "content-length", "content-range");

  /** A token (RFC 9110, section 5.6.2). A line that is no header is no reason to fail. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");

  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private ResponseHeads() {}

  static RecordResponse of(Hop hop, HttpClientResponse response) {
    RecordResponse head =
        new RecordResponse(
            hop.url().hrefWithoutFragment(),
            hop.redirects() > 0,
            response.statusCode(),
            statusText(response),
            headers(response.headers()));
    return RangeRules.coded(head) ? head : head.ofLength(length(response));
  }

  private static @Nullable Long length(HttpClientResponse response) {
    String digits = response.getHeader("content-length");
    return digits != null && LENGTH.matcher(digits).matches() ? Long.valueOf(digits) : null;
  }

  /** HTTP/2 has none; the client makes one up there. */
  private static String statusText(HttpClientResponse response) {
    String text = response.statusMessage();
    return text == null || response.version() == HttpVersion.HTTP_2 ? "" : text;
  }

  /** Lower-case names; values of one name joined by a comma and a space, in their order. */
  static Map<String, String> headers(MultiMap received) {
    Map<String, String> headers = new LinkedHashMap<>();
    received.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!LEFT_OUT.contains(lower) && NAME.matcher(lower).matches()) {
            headers.merge(lower, value.strip(), (first, more) -> first + ", " + more);
          }
        });
    return headers;
  }

  /** Whether a response to this method with this status has no body, whatever was sent. */
  static boolean bodiless(String method, int status) {
    return method.equals("HEAD") || status == 204 || status == 205 || status == 304;
  }

  /** Whether HTTP says where the body ends, and not only the end of the connection. */
  static boolean framed(HttpClientResponse response) {
    return response.version() == HttpVersion.HTTP_2
        || response.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || response.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }
}
