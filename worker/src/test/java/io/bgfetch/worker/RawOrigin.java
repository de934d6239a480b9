package io.bgfetch.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin that answers every request with the same bytes, whatever these are. */
public final class RawOrigin implements AutoCloseable {

  private final ServerSocket server;
  private final String answer;
  private final Ending ending;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  /** What becomes of a connection after the answer. */
  private enum Ending {
    CLOSED,
    RESET,
    LEFT_OPEN
  }

  private RawOrigin(String answer, Ending ending) {
    this.answer = answer;
    this.ending = ending;
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon(true).start(this::serve);
  }

  /** Closes its connections after the answer. */
  public static RawOrigin closing(String answer) {
    return new RawOrigin(answer, Ending.CLOSED);
  }

  /** Resets its connections after the answer. */
  public static RawOrigin resetting(String answer) {
    return new RawOrigin(answer, Ending.RESET);
  }

  /** Leaves its connections open after the answer, and says nothing more. */
  public static RawOrigin leavingOpen(String answer) {
    return new RawOrigin(answer, Ending.LEFT_OPEN);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  public int requests() {
    return requests.get();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        answer(socket);
        if (ending != Ending.LEFT_OPEN) {
          socket.close();
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
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    if (line != null) {
      requests.incrementAndGet();
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoLinger(ending == Ending.RESET, 0);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
