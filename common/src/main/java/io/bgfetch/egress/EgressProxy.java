package io.bgfetch.egress;

import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * An HTTP proxy through which everything leaves, by CONNECT (RFC 9110, section 9.3.6). It is
 * trusted by configuration: its own address is not judged.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65535
 * @param authorization what is sent as {@code Proxy-Authorization}, if anything
 */
public record EgressProxy(String host, int port, Optional<String> authorization) {

  private static final String FORM = "not of the form http://[user:password@]host:port";

  /**
   * Reads {@code http://[user:password@]host:port}, user and password percent-encoded.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it, since it may
   *     hold a password
   */
  static EgressProxy parse(String text) {
    WebUrl url;
    try {
      url = WebUrl.parse(text);
    } catch (WebUrlException notOne) {
      throw new IllegalArgumentException(FORM);
    }
    boolean bare = url.path().equals("/") && url.query().isEmpty() && url.fragment().isEmpty();
    if (!url.scheme().equals("http") || !bare || url.effectivePort() == 0) {
      throw new IllegalArgumentException(FORM);
    }
    return new EgressProxy(unbracketed(url.host()), url.effectivePort(), authorization(url));
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Basic credentials (RFC 7617). */
  private static Optional<String> authorization(WebUrl url) {
    if (!url.hasCredentials()) {
      return Optional.empty();
    }
    String credentials = decoded(url.username()) + ":" + decoded(url.password());
    return Optional.of(
        "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      throw new IllegalArgumentException(FORM);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
