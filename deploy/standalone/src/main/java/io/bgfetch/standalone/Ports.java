package io.bgfetch.standalone;

import io.bgfetch.cli.CommandFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** TCP ports as options give them. */
final class Ports {
  private static final int MOST = 65_535;

  private Ports() {}

  /**
   * The port that an option names; empty when it was not given, or is 0.
   *
   * @throws CommandFailure when it is no port
   */
  static OptionalInt checked(String option, @Nullable Integer port) {
    if (port != null && (port < 0 || port > MOST)) {
      throw unusable(option + " is " + port + ", not between 0 and " + MOST);
    }
    return port == null || port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /**
   * Fails early where a server would fail late, once everything that it needs has started.
   *
   * @throws CommandFailure when another program listens there
   */
  static void requireFree(String option, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw unusable(
          "cannot listen on %s:%d (%s); choose another port with %s"
              .formatted(host, port, e.getMessage(), option));
    }
  }

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }
}
