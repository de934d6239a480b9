package io.bgfetch.message;

import java.time.Duration;

/** How long a permission to send a first byte is good, as gateways and workers must agree. */
public final class Permission {

  /** A release or a grant that is older must be asked for again. */
  public static final Duration GOOD_FOR = Duration.ofSeconds(2);

  /** The control topic must have been read to its end at most this long ago. */
  public static final Duration CONTROL_FRESH_FOR = Duration.ofMillis(500);

  private Permission() {}
}
