package io.bgfetch.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin that answers every request with the same bytes, whatever these are, and then ends. */
final class RawOrigin implements AutoCloseable {

  private final ServerSocket server;
  private final String answer;
  private final boolean resets;
  private final AtomicInteger requests = new AtomicInteger();

  private RawOrigin(String answer, boolean resets) {
    this.answer = answer;
    this.resets = resets;
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon(true).start(this::serve);
  }

  /** Closes its connections after the answer. */
  static RawOrigin closing(String answer) {
    return new RawOrigin(answer, false);
  }

  /** Resets its connections after the answer. */
  static RawOrigin resetting(String answer) {
    return new RawOrigin(answer, true);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  int requests() {
    return requests.get();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        answer(socket);
      } catch (IOException over) {
        // the next one
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    socket.setSoTimeout(5_000);
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    if (line != null) {
      requests.incrementAndGet();
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoLinger(resets, 0);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
