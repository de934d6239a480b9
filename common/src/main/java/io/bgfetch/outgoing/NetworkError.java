package io.bgfetch.outgoing;

/**
 * What went wrong with a request that left, or was to leave.
 *
 * @param line one line for people
 * @param mayPass whether another try may end better
 */
public record NetworkError(String line, boolean mayPass) {

  /** One that another try may avoid. */
  public static NetworkError passing(String line) {
    return new NetworkError(line, true);
  }

  /** One that every further try would meet again. */
  public static NetworkError lasting(String line) {
    return new NetworkError(line, false);
  }
}
