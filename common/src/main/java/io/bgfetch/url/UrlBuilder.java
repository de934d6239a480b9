package io.bgfetch.url;

/**
 * A URL's serialization while the parser writes it, part after part from left to right, with the
 * places where its parts begin and end (URL standard, section 4.5).
 */
final class UrlBuilder {

  static final int NONE = -1;

  private final StringBuilder href;
  private String scheme = "";
  private boolean special;
  private int hostStart = NONE;
  private int hostEnd = NONE;
  private int port = NONE;
  private int pathStart;
  private int queryStart = NONE;
  private int fragmentStart = NONE;

  UrlBuilder(int expectedLength) {
    href = new StringBuilder(expectedLength + 16);
  }

  void scheme(String newScheme) {
    scheme = newScheme;
    special = SpecialScheme.isSpecial(newScheme);
    href.append(newScheme).append(':');
    pathStart = href.length();
  }

  void authority() {
    href.append("//");
  }

  void credentials(String text, int from, int colon, int to) {
    int start = href.length();
    PercentEncodeSet.USERINFO.encode(text, from, colon, href);
    if (colon + 1 < to) {
      href.append(':');
      PercentEncodeSet.USERINFO.encode(text, colon + 1, to, href);
    }
    if (href.length() > start) {
      href.append('@');
    }
  }

  void host(String serialized) {
    hostStart = href.length();
    href.append(serialized);
    hostEnd = href.length();
    pathStart = hostEnd;
  }

  void port(int number) {
    if (number != SpecialScheme.defaultPort(scheme)) {
      port = number;
      href.append(':').append(number);
      pathStart = href.length();
    }
  }

  /** Takes over credentials, host and port of a URL that has the same scheme. */
  void authorityOf(WebUrl base) {
    if (base.hostStart() == NONE) {
      return;
    }
    href.append(base.href(), href.length(), base.pathStart());
    hostStart = base.hostStart();
    hostEnd = base.hostEnd();
    port = base.portNumber();
    pathStart = href.length();
  }

  void pathOf(WebUrl base) {
    href.append(base.href(), base.pathStart(), base.pathEnd());
  }

  void queryOf(WebUrl base) {
    if (base.queryStart() != NONE) {
      queryStart = href.length();
      href.append(base.href(), base.queryStart(), base.queryEnd());
    }
  }

  /** Takes over the drive letter that a base of the scheme file has. */
  void driveOf(WebUrl base) {
    if (DriveLetter.isFirstSegment(base.href(), base.pathStart(), base.pathEnd())) {
      href.append(base.href(), base.pathStart(), base.pathStart() + 3);
    }
  }

  void opaquePath(String text, int from, int to) {
    PercentEncodeSet.C0_CONTROL.encode(text, from, to, href);
  }

  /** A space that ends an opaque path is encoded, so that dropping the rest keeps it. */
  void encodedSpace() {
    href.append("%20");
  }

  void segment(String text, int from, int to) {
    boolean first = href.length() == pathStart;
    href.append('/');
    if (first && isFile() && DriveLetter.is(text, from, to)) {
      href.append(text.charAt(from)).append(':');
    } else {
      PercentEncodeSet.PATH.encode(text, from, to, href);
    }
  }

  void emptySegment() {
    href.append('/');
  }

  /** Drops the last segment, but not a file's drive (URL standard, "shorten a url's path"). */
  void shortenPath() {
    if (isFile()
        && href.length() == pathStart + 3
        && DriveLetter.isFirstSegment(href, pathStart, href.length())) {
      return;
    }
    for (int i = href.length() - 1; i >= pathStart; i--) {
      if (href.charAt(i) == '/') {
        href.setLength(i);
        return;
      }
    }
  }

  /** Keeps a path that begins with two slashes from being read as a host. */
  void endPath() {
    if (hostStart == NONE && href.length() > pathStart + 1 && href.charAt(pathStart + 1) == '/') {
      href.insert(pathStart, "/.");
      pathStart += 2;
    }
  }

  void query(String text, int from, int to) {
    queryStart = href.length();
    href.append('?');
    PercentEncodeSet set = special ? PercentEncodeSet.SPECIAL_QUERY : PercentEncodeSet.QUERY;
    set.encode(text, from, to, href);
  }

  void fragment(String text, int from, int to) {
    fragmentStart = href.length();
    href.append('#');
    PercentEncodeSet.FRAGMENT.encode(text, from, to, href);
  }

  String scheme() {
    return scheme;
  }

  boolean isSpecial() {
    return special;
  }

  boolean isFile() {
    return scheme.equals("file");
  }

  String href() {
    return href.toString();
  }

  int hostStart() {
    return hostStart;
  }

  int hostEnd() {
    return hostEnd;
  }

  int port() {
    return port;
  }

  int pathStart() {
    return pathStart;
  }

  int queryStart() {
    return queryStart;
  }

  int fragmentStart() {
    return fragmentStart;
  }
}
