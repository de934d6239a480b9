package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.url.BadPorts;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which request follows a redirect: HTTP-redirect fetch of the Fetch standard, section 4.4. */
final class RedirectRules {

  static final int MOST = 20;

  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> BOUND_TO_ORIGIN =
      Set.of("authorization", "cookie", "proxy-authorization");

  private RedirectRules() {}

  /**
   * Judges a response.
   *
   * @param location the header's value, null where there is none
   */
  static Redirect of(RedirectMode mode, Hop from, int status, @Nullable String location) {
    if (!STATUSES.contains(status)) {
      return new Redirect.None();
    }
    return switch (mode) {
      case MANUAL -> new Redirect.None();
      case ERROR -> new Redirect.Refused("redirected, which the request does not allow");
      case FOLLOW -> location == null ? new Redirect.None() : follow(from, status, location);
    };
  }

  private static Redirect follow(Hop from, int status, String location) {
    if (from.redirects() == MOST) {
      return new Redirect.Refused("more than " + MOST + " redirects");
    }
    WebUrl to;
    try {
      to = WebUrl.parse(location, from.url());
    } catch (WebUrlException notOne) {
      return new Redirect.Refused("redirected to what is no URL: " + notOne.getMessage());
    }
    @Nullable String refused = refusalOf(to);
    return refused == null
        ? new Redirect.To(next(from, status, to))
        : new Redirect.Refused("redirected to " + refused);
  }

  private static @Nullable String refusalOf(WebUrl to) {
    if (!to.isHttp()) {
      return "a URL of the scheme " + to.scheme();
    }
    if (to.hasCredentials()) {
      return "a URL with a user or a password";
    }
    return BadPorts.isBad(to.effectivePort()) ? "port " + to.effectivePort() : null;
  }

  private static Hop next(Hop from, int status, WebUrl to) {
    boolean becomesGet = becomesGet(from.method(), status);
    Map<String, String> headers =
        from.headers().entrySet().stream()
            .filter(h -> !(becomesGet && h.getKey().startsWith("content-")))
            .filter(h -> to.origin().equals(from.url().origin()) || !bound(h.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return new Hop(
        to,
        becomesGet ? "GET" : from.method(),
        headers,
        from.withBody() && !becomesGet,
        from.redirects() + 1);
  }

  private static boolean becomesGet(String method, int status) {
    return switch (status) {
      case 303 -> !method.equals("GET") && !method.equals("HEAD");
      case 301, 302 -> method.equals("POST");
      default -> false;
    };
  }

  private static boolean bound(String header) {
    return BOUND_TO_ORIGIN.contains(header);
  }
}
