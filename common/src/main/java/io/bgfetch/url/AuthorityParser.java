package io.bgfetch.url;

/** The authority, host and port states: what stands between the two slashes and the path. */
final class AuthorityParser {

  private static final int HIGHEST_PORT = 65535;

  private final UrlInput input;
  private final UrlBuilder url;

  AuthorityParser(UrlInput input, UrlBuilder url) {
    this.input = input;
    this.url = url;
  }

  /** Reads up to the path, query, fragment or end. */
  void parse() {
    int start = input.position();
    int end = input.endOfPart(url.isSpecial());
    int at = input.text().lastIndexOf('@', end - 1);
    url.authority();
    if (at >= start) {
      credentials(start, at);
      start = at + 1;
      requireHost(start < end);
    }
    hostAndPort(start, end);
    input.moveTo(end);
  }

  private void credentials(int from, int to) {
    int colon = input.text().indexOf(':', from);
    url.credentials(input.text(), from, colon < 0 || colon > to ? to : colon, to);
  }

  private void hostAndPort(int from, int to) {
    int colon = portColon(from, to);
    requireHost(from < colon || !url.isSpecial() && colon == to);
    url.host(host(input.text().substring(from, colon)));
    if (colon + 1 < to) {
      url.port(port(colon + 1, to));
    }
  }

  private String host(String text) {
    return text.isEmpty() ? "" : HostParser.parse(text, url.isSpecial());
  }

  private static void requireHost(boolean present) {
    if (!present) {
      throw new WebUrlException("it has no host");
    }
  }

  /** The colon in front of the port, not one of an IPv6 address; without one, {@code to}. */
  private int portColon(int from, int to) {
    boolean insideBrackets = false;
    for (int i = from; i < to; i++) {
      switch (input.at(i)) {
        case '[' -> insideBrackets = true;
        case ']' -> insideBrackets = false;
        case ':' -> {
          if (!insideBrackets) {
            return i;
          }
        }
        default -> {}
      }
    }
    return to;
  }

  private int port(int from, int to) {
    int port = 0;
    for (int i = from; i < to; i++) {
      int digit = Ascii.digit(input.at(i), 10);
      if (digit < 0) {
        throw new WebUrlException("the port is not a number");
      }
      port = port * 10 + digit;
      if (port > HIGHEST_PORT) {
        throw new WebUrlException("the port is above " + HIGHEST_PORT);
      }
    }
    return port;
  }
}
