package io.bgfetch.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The addresses on which this machine listens at a port, as Linux tells them. */
final class Listening {
  private static final String LISTEN = "0A";
  private static final String IPV4_LOOPBACK = "0100007F"; // 127.0.0.1, its bytes turned around
  private static final String MAPPED_LOOPBACK = "0000000000000000FFFF0000" + IPV4_LOOPBACK;

  private Listening() {}

  static List<String> at(int port) {
    String suffix = ":%04X".formatted(port);
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(Listening::rows)
        .map(row -> row.strip().split("\\s+"))
        .filter(columns -> columns[3].equals(LISTEN) && columns[1].endsWith(suffix))
        .map(columns -> columns[1].substring(0, columns[1].length() - suffix.length()))
        .map(address -> address.equals(MAPPED_LOOPBACK) ? IPV4_LOOPBACK : address)
        .map(address -> address.equals(IPV4_LOOPBACK) ? "127.0.0.1" : address)
        .toList();
  }

  private static Stream<String> rows(String table) {
    try {
      return Files.readAllLines(Path.of(table)).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
