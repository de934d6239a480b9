package io.bgfetch.url;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A URL as browsers understand it (WHATWG URL standard), in its one serialized form, which is
 * ASCII.
 *
 * <p>Immutable. Two URLs are equal when their serializations are. Every accessor answers the
 * serialized, percent-encoded form; what a URL does not have is an empty string, or an empty
 * optional where having it empty and not having it are two things ({@code /u?} and {@code /u}).
 */
public final class WebUrl {

  private final String href;
  private final int schemeEnd;
  private final int hostStart;
  private final int hostEnd;
  private final int port;
  private final int pathStart;
  private final int queryStart;
  private final int fragmentStart;

  WebUrl(UrlBuilder built) {
    href = built.href();
    schemeEnd = built.scheme().length();
    hostStart = built.hostStart();
    hostEnd = built.hostEnd();
    port = built.port();
    pathStart = built.pathStart();
    queryStart = built.queryStart();
    fragmentStart = built.fragmentStart();
  }

  /**
   * The URL that an absolute text stands for.
   *
   * @throws WebUrlException when it is none; the message says why
   */
  public static WebUrl parse(String text) {
    return parse(text, null);
  }

  /**
   * The URL that a text stands for, which may be relative to the base. Takes time in proportion to
   * the length of both.
   *
   * @throws WebUrlException when it is none, or relative without a base; the message says why
   */
  public static WebUrl parse(String text, @Nullable WebUrl base) {
    return UrlParser.parse(text, base);
  }

  /** The serialization of the whole URL. */
  public String href() {
    return href;
  }

  /** The serialization without the fragment: what goes over the wire and what equality is by. */
  public String hrefWithoutFragment() {
    return href.substring(0, queryEnd());
  }

  public String hrefWithoutQueryAndFragment() {
    return href.substring(0, pathEnd());
  }

  /**
   * A 64-bit hash of {@link #hrefWithoutQueryAndFragment}, by which URLs that may be equal are
   * found: the first eight bytes, most significant first, of the SHA-256 of its ASCII bytes. It is
   * stored, so it never changes.
   */
  public long urlKey() {
    return UrlKey.of(hrefWithoutQueryAndFragment());
  }

  /** The scheme in lower case, without its colon. */
  public String scheme() {
    return href.substring(0, schemeEnd);
  }

  /** Whether the scheme is http or https. */
  public boolean isHttp() {
    return href.startsWith("http:") || isHttps();
  }

  public boolean isHttps() {
    return href.startsWith("https:");
  }

  /** Whether the URL names a user or a password (Fetch standard: "includes credentials"). */
  public boolean hasCredentials() {
    return hostStart > 0 && href.charAt(hostStart - 1) == '@';
  }

  public String username() {
    return hasCredentials() ? href.substring(schemeEnd + 3, usernameEnd()) : "";
  }

  public String password() {
    int end = hostStart - 1;
    return hasCredentials() && usernameEnd() < end ? href.substring(usernameEnd() + 1, end) : "";
  }

  private int usernameEnd() {
    int colon = href.indexOf(':', schemeEnd + 3);
    return colon < 0 || colon >= hostStart ? hostStart - 1 : colon;
  }

  /** The host name in lower case and Punycode, or the address; an IPv6 address in brackets. */
  public String host() {
    return hostStart == UrlBuilder.NONE ? "" : href.substring(hostStart, hostEnd);
  }

  /** The port, if it is not the scheme's default. */
  public OptionalInt port() {
    return port == UrlBuilder.NONE ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /**
   * The port that a connection goes to.
   *
   * @throws IllegalStateException when neither the URL nor its scheme says one; never for http and
   *     https
   */
  public int effectivePort() {
    int effective = port == UrlBuilder.NONE ? SpecialScheme.defaultPort(scheme()) : port;
    if (effective == SpecialScheme.NO_PORT) {
      throw new IllegalStateException("a URL of the scheme " + scheme() + " has no port");
    }
    return effective;
  }

  /**
   * Host and effective port, {@code host:port}: what limits per host are counted by, whatever the
   * scheme.
   *
   * @throws IllegalStateException as {@link #effectivePort}
   */
  public String authority() {
    return host() + ":" + effectivePort();
  }

  /** Scheme, host and port (HTML standard, "serialization of an origin"); "null" if opaque. */
  public String origin() {
    return switch (scheme()) {
      case "http", "https", "ws", "wss", "ftp" ->
          scheme() + "://" + href.substring(hostStart, pathStart);
      case "blob" -> originOfPath();
      default -> "null";
    };
  }

  private String originOfPath() {
    try {
      WebUrl inner = parse(path());
      return inner.isHttp() ? inner.origin() : "null";
    } catch (WebUrlException e) {
      return "null";
    }
  }

  public String path() {
    return href.substring(pathStart, pathEnd());
  }

  /** The query without its question mark. */
  public Optional<String> query() {
    return queryStart == UrlBuilder.NONE
        ? Optional.empty()
        : Optional.of(href.substring(queryStart + 1, queryEnd()));
  }

  /** Path and query: what the first line of an HTTP request asks for (RFC 9112, section 3.2.1). */
  public String requestTarget() {
    return href.substring(pathStart, queryEnd());
  }

  /** The fragment without its number sign. */
  public Optional<String> fragment() {
    return fragmentStart == UrlBuilder.NONE
        ? Optional.empty()
        : Optional.of(href.substring(fragmentStart + 1));
  }

  /** Whether the path is one piece, as in {@code data:} URLs: nothing is relative to that. */
  boolean hasOpaquePath() {
    return hostStart == UrlBuilder.NONE && !href.startsWith("/", pathStart);
  }

  int hostStart() {
    return hostStart;
  }

  int hostEnd() {
    return hostEnd;
  }

  int portNumber() {
    return port;
  }

  int pathStart() {
    return pathStart;
  }

  int pathEnd() {
    return queryStart == UrlBuilder.NONE ? queryEnd() : queryStart;
  }

  int queryStart() {
    return queryStart;
  }

  int queryEnd() {
    return fragmentStart == UrlBuilder.NONE ? href.length() : fragmentStart;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WebUrl url && href.equals(url.href);
  }

  @Override
  public int hashCode() {
    return href.hashCode();
  }

  /** The serialization, {@link #href}. */
  @Override
  public String toString() {
    return href;
  }
}
