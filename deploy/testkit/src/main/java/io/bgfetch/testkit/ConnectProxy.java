package io.bgfetch.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy that knows CONNECT, remembers what it was asked, and refuses on demand. */
public final class ConnectProxy implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile @Nullable String refusal;

  /** A proxy on a free port of 127.0.0.1, which listens. */
  public ConnectProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The heads of all requests. */
  public List<String> asked() {
    return asked;
  }

  /** Answers this from now on, such as {@code 403 Forbidden}. */
  public void refuseWith(String status) {
    refusal = status;
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Thread.ofVirtual().start(() -> serve(near));
      } catch (IOException over) {
        return;
      }
    }
  }

  private void serve(Socket near) {
    try (near) {
      near.setSoTimeout(PATIENCE_MILLIS);
      InputStream in = new BufferedInputStream(near.getInputStream());
      String head = head(in);
      asked.add(head);
      if (refusal != null) {
        say(near, "HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      String[] target = head.split(" ")[1].split(":");
      try (Socket far = new Socket(target[0], Integer.parseInt(target[1]))) {
        far.setSoTimeout(PATIENCE_MILLIS);
        say(near, "HTTP/1.1 200 Connection established\r\n\r\n");
        Thread back = Thread.ofVirtual().start(() -> copy(far, near));
        in.transferTo(far.getOutputStream());
        far.shutdownOutput();
        back.join();
      }
    } catch (IOException over) {
      // the one who asked sees it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyClosed) {
      // as it should be
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended in the head");
      }
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
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
