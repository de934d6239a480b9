package io.bgfetch.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.egress.EgressProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ProxyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelsTest {

  private static final byte[] GREETING = {5, 1, 2};
  private static final byte[] TO_A_NAME = {5, 1, 0, 3, 1, 'a', 0, 80};
  private static final byte[] TO_AN_ADDRESS = {5, 1, 0, 1, 127, 0, 0, 1, 0, 80};

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private ServerSocket proxy;
  private Tunnels tunnels;

  @BeforeEach
  void start() throws Exception {
    proxy = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    EgressProxy address = new EgressProxy("127.0.0.1", proxy.getLocalPort(), Optional.empty());
    tunnels = new Tunnels(vertx, address, Duration.ofSeconds(5));
    await(tunnels.start());
  }

  @AfterEach
  void stop() throws Exception {
    await(tunnels.stop());
    await(vertx.close());
    proxy.close();
  }

  private static void await(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static byte[] credentials(String user, String password) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(1);
    bytes.write(user.length());
    bytes.writeBytes(user.getBytes());
    bytes.write(password.length());
    bytes.writeBytes(password.getBytes());
    return bytes.toByteArray();
  }

  /** What comes back until the end. */
  private byte[] said(byte[]... parts) throws IOException {
    ProxyOptions way = tunnels.way();
    try (Socket socket = new Socket(way.getHost(), way.getPort())) {
      socket.setSoTimeout(20_000);
      for (byte[] part : parts) {
        socket.getOutputStream().write(part);
      }
      return socket.getInputStream().readAllBytes();
    }
  }

  private byte[] right() {
    return credentials(tunnels.way().getUsername(), tunnels.way().getPassword());
  }

  @Test
  void listenOnLoopbackOnly() {
    assertThat(tunnels.way().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void areClosedToWhoeverDoesNotKnowThePassword() throws Exception {
    assertThat(said(GREETING, credentials("bgfetch", "guess"), TO_AN_ADDRESS))
        .containsExactly(5, 2);
  }

  @Test
  void areClosedToNames() throws Exception {
    assertThat(said(GREETING, right(), TO_A_NAME)).containsExactly(5, 2, 1, 0);
  }

  @Test
  void sayThatTheProxyIsNotThere() throws Exception {
    proxy.close();

    assertThat(said(GREETING, right(), TO_AN_ADDRESS))
        .startsWith(5, 2, 1, 0, 5, TunnelFailure.UNREACHABLE);
  }

  @Test
  void sayWhatTheProxyAnswered() throws Exception {
    Thread answering =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Socket asked = proxy.accept()) {
                    asked.getInputStream().read(new byte[1000]);
                    asked.getOutputStream().write("HTTP/1.1 403 No\r\n\r\n".getBytes());
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });

    assertThat(said(GREETING, right(), TO_AN_ADDRESS))
        .startsWith(5, 2, 1, 0, 5, TunnelFailure.refused(403).code());
    answering.join();
  }

  @Test
  void closeOnWhatIsNoHandshake() throws Exception {
    assertThat(said("GET / HTTP/1.1\r\n\r\n".repeat(100).getBytes())).isEmpty();
  }
}
