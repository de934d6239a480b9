package io.bgfetch.standalone;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A port that leads to Postgres and counts the statements that pass: the messages Execute and Query
 * of the frontend/backend protocol 3.0 (PostgreSQL documentation, "Message Formats").
 */
final class StatementCount implements AutoCloseable {
  private static final int CONNECT_WITHIN_MILLIS = 10_000;

  /** The upper half of the codes of SSLRequest, GSSENCRequest and CancelRequest. */
  private static final int REQUEST_FOR_ENCRYPTION = 1234;

  private final InetSocketAddress postgres;
  private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong statements = new AtomicLong();
  private final URI uri;

  /** Leads to the server of this URI. */
  StatementCount(String postgresUri) throws IOException {
    URI target = URI.create(postgresUri);
    this.postgres = new InetSocketAddress(target.getHost(), target.getPort());
    this.uri =
        URI.create(
            postgresUri.replace(
                target.getHost() + ":" + target.getPort(), "127.0.0.1:" + server.getLocalPort()));
    Thread.ofVirtual().start(this::accept);
  }

  /** The same database by way of this port. */
  String uri() {
    return uri.toString();
  }

  /** How many statements have passed. */
  long statements() {
    return statements.get();
  }

  private void accept() {
    try {
      while (true) {
        join(server.accept());
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void join(Socket client) throws IOException {
    Socket upstream = new Socket();
    upstream.connect(postgres, CONNECT_WITHIN_MILLIS);
    sockets.add(client);
    sockets.add(upstream);
    Thread.ofVirtual().start(() -> untilClosed(client, upstream, () -> count(client, upstream)));
    Thread.ofVirtual().start(() -> untilClosed(client, upstream, () -> copy(upstream, client)));
  }

  private interface Passage {
    void run() throws IOException;
  }

  private void untilClosed(Socket one, Socket other, Passage passage) {
    try (one;
        other) {
      passage.run();
    } catch (IOException closed) {
      // by either side
    } finally {
      sockets.remove(one);
      sockets.remove(other);
    }
  }

  private static void copy(Socket from, Socket to) throws IOException {
    from.getInputStream().transferTo(to.getOutputStream());
  }

  /** What begins a connection has no type: requests for encryption, then the startup message. */
  private void count(Socket client, Socket upstream) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    OutputStream out = upstream.getOutputStream();
    ByteBuffer begin;
    do {
      begin = ByteBuffer.wrap(pass(in, new byte[0], out));
    } while (begin.getInt() >>> 16 == REQUEST_FOR_ENCRYPTION);
    while (true) {
      int type = in.readUnsignedByte();
      if (type == 'E' || type == 'Q') {
        statements.incrementAndGet();
      }
      pass(in, new byte[] {(byte) type}, out);
    }
  }

  private static byte[] pass(DataInputStream in, byte[] type, OutputStream out) throws IOException {
    int length = in.readInt();
    byte[] content = in.readNBytes(length - Integer.BYTES);
    ByteBuffer message = ByteBuffer.allocate(type.length + length);
    out.write(message.put(type).putInt(length).put(content).array());
    return content;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
