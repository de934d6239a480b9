package io.bgfetch.url;

/** The Windows drive letters that file URLs know (URL standard, section 4.2). */
final class DriveLetter {

  private DriveLetter() {}

  /** Whether text[from, to) is a letter with a colon or a vertical bar. */
  static boolean is(CharSequence text, int from, int to) {
    return to - from == 2
        && Ascii.isAlpha(text.charAt(from))
        && (text.charAt(from + 1) == ':' || text.charAt(from + 1) == '|');
  }

  /** Whether the text has a drive letter at that place, and it is all of its segment. */
  static boolean startsAt(CharSequence text, int from) {
    int to = from + 2;
    return to <= text.length()
        && is(text, from, to)
        && (to == text.length() || "/\\?#".indexOf(text.charAt(to)) >= 0);
  }

  /** Whether the first segment of the path that begins there is a drive letter with its colon. */
  static boolean isFirstSegment(CharSequence href, int pathStart, int pathEnd) {
    return pathEnd >= pathStart + 3
        && is(href, pathStart + 1, pathStart + 3)
        && href.charAt(pathStart + 2) == ':'
        && (pathEnd == pathStart + 3 || href.charAt(pathStart + 3) == '/');
  }
}
