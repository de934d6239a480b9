package io.bgfetch.worker.fetch;

/**
 * What went wrong with a fetch.
 *
 * @param line one line for people
 * @param mayPass whether another try may end better
 */
record NetworkError(String line, boolean mayPass) {

  static NetworkError passing(String line) {
    return new NetworkError(line, true);
  }

  static NetworkError lasting(String line) {
    return new NetworkError(line, false);
  }
}
