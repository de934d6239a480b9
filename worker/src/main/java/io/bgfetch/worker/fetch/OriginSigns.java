package io.bgfetch.worker.fetch;

import org.jspecify.annotations.Nullable;

/** Hears what the hosts that an attempt asks say of themselves. On the worker's context. */
@FunctionalInterface
public interface OriginSigns {

  /**
   * The head of a response came: a final one, of a redirect, or of a part.
   *
   * @param host {@code host:port} that answered
   * @param retryAfterMillis how long it asked to be left alone, null where it did not
   */
  void answered(String host, int status, @Nullable Long retryAfterMillis);
}
