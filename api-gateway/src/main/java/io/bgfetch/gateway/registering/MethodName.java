package io.bgfetch.gateway.registering;

import java.util.Locale;
import java.util.Set;

/** The method of a request (Fetch standard, section 2.2.1). */
final class MethodName {

  private static final Set<String> FORBIDDEN = Set.of("CONNECT", "TRACE", "TRACK");
  private static final Set<String> NORMALIZED =
      Set.of("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT");
  private static final int LONGEST = 64;

  private MethodName() {}

  /** The method, GET where none is named; in capitals where the standard normalizes it. */
  static String normalized(Members members) {
    String method = members.text("method").orElse("GET");
    String capitals = method.toUpperCase(Locale.ROOT);
    if (!Tokens.isToken(method) || method.length() > LONGEST) {
      throw members.wrong("method", "is not a method");
    }
    if (FORBIDDEN.contains(capitals)) {
      throw members.wrong("method", capitals + " is not allowed");
    }
    return NORMALIZED.contains(capitals) ? capitals : method;
  }
}
