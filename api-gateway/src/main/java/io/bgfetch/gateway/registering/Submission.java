package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Something to be registered, of which nothing was read yet. Used once, from one context. */
interface Submission {

  /** What its body is for and how it is written: part of its identity. */
  String purpose();

  /**
   * Reads, checks and stores it. Where that fails nothing is left behind.
   *
   * @param claim by which to remember it, null where it has no key
   */
  Future<Registration> register(@Nullable KeyClaim claim);

  /** Reads it and keeps nothing but its identity. */
  Future<Void> identify(BodyIdentity identity);

  /** Why the rest of it will never come, null while it may. */
  @Nullable Throwable broken();
}
