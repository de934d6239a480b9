package io.bgfetch.gateway.api;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long a client is willing to wait for its answer: {@code Prefer: wait=n} (RFC 7240, section
 * 4.3), in seconds. More than a minute counts as a minute; what cannot be read is no preference.
 */
final class PreferredWait {

  private static final int MOST_SECONDS = 60;

  private PreferredWait() {}

  /** What the request says, which its answer then says to have been heeded. */
  static Optional<Duration> of(RoutingContext rc) {
    Optional<Integer> seconds = seconds(rc.request().headers().getAll("Prefer"));
    seconds.ifPresent(wait -> rc.response().putHeader("Preference-Applied", "wait=" + wait));
    return seconds.filter(wait -> wait > 0).map(Duration::ofSeconds);
  }

  /** The first preference of the name counts (RFC 7240, section 2), without its parameters. */
  static Optional<Integer> seconds(List<String> fields) {
    String preferences = String.join(",", fields);
    int start = 0;
    while (start < preferences.length()) {
      int end = endOf(preferences, start, ',');
      String preference = preferences.substring(start, endOf(preferences, start, ';', end));
      int equals = preference.indexOf('=');
      String name = equals < 0 ? preference : preference.substring(0, equals);
      if (name.strip().equalsIgnoreCase("wait")) {
        return equals < 0 ? Optional.empty() : number(preference.substring(equals + 1).strip());
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private static int endOf(String text, int start, char mark) {
    return endOf(text, start, mark, text.length());
  }

  /** Where the mark is first, outside of quoted strings; else the end. */
  private static int endOf(String text, int start, char mark, int end) {
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == mark) {
        return i;
      }
    }
    return end;
  }

  private static Optional<Integer> number(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    String digits = quoted ? value.substring(1, value.length() - 1) : value;
    if (digits.isEmpty() || digits.chars().anyMatch(c -> c < '0' || c > '9')) {
      return Optional.empty();
    }
    return Optional.of(
        digits.length() > 9 ? MOST_SECONDS : Math.min(MOST_SECONDS, Integer.parseInt(digits)));
  }
}
