package io.bgfetch.fetch;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a redirect status does to a fetch: the redirect mode of the Fetch standard, section 2.2.5.
 */
public enum RedirectMode {
  FOLLOW("follow"),
  ERROR("error"),
  MANUAL("manual");

  private final String wireName;

  RedirectMode(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** The mode of this wire name; empty for a name that is none. */
  public static Optional<RedirectMode> ofWireName(String wireName) {
    return Arrays.stream(values()).filter(m -> m.wireName.equals(wireName)).findFirst();
  }
}
