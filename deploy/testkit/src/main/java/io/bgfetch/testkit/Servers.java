package io.bgfetch.testkit;

/** Where backend servers come from. */
interface Servers {
  /** Starts a new Postgres. */
  Server postgres();

  /** Starts a new broker. */
  Server kafka();
}
