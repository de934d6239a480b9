package io.bgfetch.backends;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Chooses the TCP port of 127.0.0.1 that a server will listen on. */
final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  private static final int ANY = 0;

  private LoopbackPort() {}

  /**
   * The port asked for; else the one remembered in the file, when it is free; else any free one.
   * The choice is remembered, so that addresses stay the same over restarts.
   *
   * @param setting the name under which the port can be asked for, for the message when it is taken
   */
  static int choose(Path file, OptionalInt asked, String setting) throws IOException {
    int port = asked.orElse(ANY);
    if (port != ANY && !isFree(port)) {
      throw new BackendsException(
          "%s: port %d of %s is taken by another program".formatted(setting, port, HOST));
    }
    if (port == ANY) {
      port = rememberedOrAny(file);
    }
    Files.writeString(file, Integer.toString(port));
    return port;
  }

  private static int rememberedOrAny(Path file) throws IOException {
    int remembered = remembered(file);
    return remembered != ANY && isFree(remembered) ? remembered : bind(ANY);
  }

  private static int remembered(Path file) throws IOException {
    if (!Files.exists(file)) {
      return ANY;
    }
    try {
      return Integer.parseInt(Files.readString(file).strip());
    } catch (NumberFormatException damaged) {
      return ANY; // cut short by a crash: as good as none
    }
  }

  private static boolean isFree(int port) {
    try {
      return bind(port) == port;
    } catch (IOException taken) {
      return false;
    }
  }

  private static int bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the servers do: a connection in TIME_WAIT does not count
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return socket.getLocalPort();
    }
  }
}
