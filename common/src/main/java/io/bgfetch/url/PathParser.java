package io.bgfetch.url;

/** The path, query and fragment states: everything behind the authority. */
final class PathParser {

  private final UrlInput input;
  private final UrlBuilder url;

  PathParser(UrlInput input, UrlBuilder url) {
    this.input = input;
    this.url = url;
  }

  /** Whether the parser stands before what separates segments; a backslash does where special. */
  boolean isAtSlash() {
    return isSlash(input.current());
  }

  private boolean isSlash(int c) {
    return c == '/' || c == '\\' && url.isSpecial();
  }

  /** Path start state: a special URL has a path, even if only a slash. */
  void start() {
    if (isAtSlash()) {
      input.skip(1);
      segments();
    } else if (url.isSpecial()) {
      segments();
    } else {
      queryAndFragment();
    }
  }

  /** What a relative reference says beyond the authority, which is the base's already. */
  void relativeTo(WebUrl base) {
    url.pathOf(base);
    if (input.atEnd() || input.current() == '#') {
      url.endPath();
      url.queryOf(base);
      fragment();
    } else if (input.current() == '?') {
      url.endPath();
      queryAndFragment();
    } else {
      url.shortenPath();
      segments();
    }
  }

  /** Path state, from the first character behind a slash. */
  void segments() {
    boolean more;
    do {
      int start = input.position();
      int end = input.endOfPart(url.isSpecial());
      input.moveTo(end);
      more = isAtSlash();
      segment(start, end, !more);
      if (more) {
        input.skip(1);
      }
    } while (more);
    url.endPath();
    queryAndFragment();
  }

  private void segment(int from, int to, boolean last) {
    int dots = dots(from, to);
    if (dots == 2) {
      url.shortenPath();
    }
    if (dots == 0) {
      url.segment(input.text(), from, to);
    } else if (last) {
      url.emptySegment();
    }
  }

  /** 1 for a single-dot segment, 2 for a double-dot one, also in percent-encoding; else 0. */
  private int dots(int from, int to) {
    int dots = 0;
    int i = from;
    while (i < to) {
      int length = dotLength(i);
      if (length == 0 || dots == 2) {
        return 0;
      }
      dots++;
      i += length;
    }
    return dots;
  }

  private int dotLength(int at) {
    if (input.at(at) == '.') {
      return 1;
    }
    return input.text().regionMatches(true, at, "%2e", 0, 3) ? 3 : 0;
  }

  /** Opaque path state: up to the query nothing is taken apart. */
  void opaque() {
    int start = input.position();
    int end = endOfOpaquePath();
    if (end > start && end < input.length() && input.at(end - 1) == ' ') {
      url.opaquePath(input.text(), start, end - 1);
      url.encodedSpace();
    } else {
      url.opaquePath(input.text(), start, end);
    }
    input.moveTo(end);
    queryAndFragment();
  }

  private int endOfOpaquePath() {
    int end = input.position();
    while (end < input.length() && input.at(end) != '?' && input.at(end) != '#') {
      end++;
    }
    return end;
  }

  private void queryAndFragment() {
    if (input.current() == '?') {
      int end = input.text().indexOf('#', input.position());
      end = end < 0 ? input.length() : end;
      url.query(input.text(), input.position() + 1, end);
      input.moveTo(end);
    }
    fragment();
  }

  /** Fragment state, if there is one: it goes on to the end. */
  void fragment() {
    if (input.current() == '#') {
      url.fragment(input.text(), input.position() + 1, input.length());
    }
  }
}
