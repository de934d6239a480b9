package io.bgfetch.testkit;

/** A backend server with a stable address. Closing ends it for good and forgets its data. */
interface Server extends AutoCloseable {
  /** A Postgres URI, or Kafka's bootstrap servers. */
  String address();

  /** Ends it and keeps its data. */
  void stop();

  /** Starts it again with its data. */
  void start();

  @Override
  void close();
}
