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

/** An origin that closes every connection at once, until it is told to answer. */
final class HangingUp implements AutoCloseable {

  private final ServerSocket server;
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean answers;

  HangingUp() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon(true).start(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  void answer() {
    answers = true;
  }

  int closed() {
    return closed.get();
  }

  int requests() {
    return requests.get();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        if (answers) {
          answer(socket);
        } else {
          closed.incrementAndGet();
        }
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
    if (in.readLine() != null) {
      requests.incrementAndGet();
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      while (in.read() >= 0) {
        // what is left of the request
      }
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
