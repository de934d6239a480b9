package io.bgfetch.url;

/** The schemes that the standard gives rules of their own (URL standard, "special scheme"). */
final class SpecialScheme {

  /** The default port of a scheme that has none. */
  static final int NO_PORT = -1;

  private SpecialScheme() {}

  static boolean isSpecial(String scheme) {
    return scheme.equals("file") || defaultPort(scheme) != NO_PORT;
  }

  static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http", "ws" -> 80;
      case "https", "wss" -> 443;
      case "ftp" -> 21;
      default -> NO_PORT;
    };
  }
}
