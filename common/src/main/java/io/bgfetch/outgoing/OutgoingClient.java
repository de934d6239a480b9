package io.bgfetch.outgoing;

import io.bgfetch.connection.ReadAhead;
import io.bgfetch.egress.EgressSettings;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.tunnel.Tunnels;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ProxyOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client whose connections leave by the configured way: directly or through the proxy,
 * trusting the JDK's authorities and those that are configured. Who uses it asks the {@link
 * io.bgfetch.egress.EgressGuard} first, and connects to the address that it gave. HTTP/2 is spoken
 * where the other side offers it. Belongs to one context.
 */
public final class OutgoingClient implements Part {

  private static final int MOST_HEADER_BYTES = 64 << 10;
  private static final int KEEP_ALIVE_SECONDS = 10;

  private final Vertx vertx;
  private final EgressSettings egress;
  private final int connections;
  private final Duration connect;
  private final int piece;
  private final @Nullable Tunnels tunnels;
  private @Nullable HttpClientAgent client;

  /**
   * A client that is not open yet.
   *
   * @param egress by which way its connections go
   * @param connections to one host at most, so many of each version of HTTP
   * @param connect the longest that any connection may take to be made
   * @param piece the longest piece that a body comes in over HTTP/1, in bytes: see {@link
   *     ReadAhead}
   */
  public OutgoingClient(
      Vertx vertx, EgressSettings egress, int connections, Duration connect, int piece) {
    this.vertx = vertx;
    this.egress = egress;
    this.tunnels = egress.proxy() == null ? null : new Tunnels(vertx, egress.proxy(), connect);
    this.connections = connections;
    this.connect = connect;
    this.piece = piece;
  }

  @Override
  public Future<Void> start() {
    return tunnels == null ? open(null) : tunnels.start().compose(up -> open(tunnels.way()));
  }

  private Future<Void> open(@Nullable ProxyOptions way) {
    client =
        vertx.createHttpClient(
            options().setProxyOptions(way),
            new PoolOptions().setHttp1MaxSize(connections).setHttp2MaxSize(connections));
    return Future.succeededFuture();
  }

  private HttpClientOptions options() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.toIntExact(connect.toMillis()))
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setUseAlpn(true)
            .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
            .setDecompressionSupported(false)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setMaxChunkSize(piece)
            .setTcpNoDelay(true);
    if (egress.authorities() != null) {
      options.setTrustOptions(egress.authorities().besideTheJdks());
    }
    options.getInitialSettings().setMaxHeaderListSize(MOST_HEADER_BYTES);
    return options;
  }

  /** The client; null before the start and from the stop on. */
  public @Nullable HttpClientAgent client() {
    return client;
  }

  @Override
  public Future<Void> stop() {
    HttpClientAgent closing = client;
    client = null;
    Future<Void> closed = closing == null ? Future.succeededFuture() : closing.close();
    return tunnels == null ? closed : closed.eventually(tunnels::stop);
  }
}
