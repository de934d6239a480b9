package io.bgfetch.fetch;

import java.util.Arrays;

/** How a registration ended as a whole; {@link #NONE} while it is active. */
public enum RegistrationResult {
  NONE(""),
  SUCCESS("success"),
  FAILURE("failure");

  private final String wireName;

  RegistrationResult(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** The result of this wire name, which must be one. */
  public static RegistrationResult ofWireName(String wireName) {
    return Arrays.stream(values())
        .filter(r -> r.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no registration result: " + wireName));
  }
}
