package io.bgfetch.tunnel;

import io.bgfetch.connection.ReadAhead;
import io.bgfetch.egress.EgressProxy;
import io.bgfetch.lifecycle.Part;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS server on loopback, for this process alone, that sends everything on through the proxy. A
 * password that nobody else knows keeps other users of the machine out. Belongs to one context.
 */
public final class Tunnels implements Part {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String USER = "bgfetch";
  private static final int PASSWORD_BITS = 256;

  private final Vertx vertx;
  private final EgressProxy proxy;
  private final Duration connect;
  private final String password =
      new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
  private @Nullable HttpClientAgent client;
  private @Nullable NetServer server;

  /**
   * Tunnels that do not listen yet.
   *
   * @param connect how long reaching the proxy may take, and again its answer
   */
  public Tunnels(Vertx vertx, EgressProxy proxy, Duration connect) {
    this.vertx = vertx;
    this.proxy = proxy;
    this.connect = connect;
  }

  @Override
  public Future<Void> start() {
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                .setTcpNoDelay(true));
    NetServer listening =
        vertx
            .createNetServer(
                new NetServerOptions().setHost(LOOPBACK).setPort(0).setTcpNoDelay(true))
            .connectHandler(this::accept);
    server = listening;
    return listening.listen().mapEmpty();
  }

  /**
   * How a client is told to go this way.
   *
   * @throws IllegalStateException before the start
   */
  public ProxyOptions way() {
    NetServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return new ProxyOptions()
        .setType(ProxyType.SOCKS5)
        .setHost(LOOPBACK)
        .setPort(listening.actualPort())
        .setUsername(USER)
        .setPassword(password)
        .setConnectTimeout(connect.multipliedBy(2));
  }

  private void accept(NetSocket near) {
    ReadAhead.limit(near);
    Handshake handshake = new Handshake(near, password);
    handshake
        .target()
        .timeout(connect.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(target -> open(near, handshake, target))
        .onFailure(notOurs -> close(near));
  }

  private void open(NetSocket near, Handshake handshake, SocketAddress target) {
    dial(target)
        .onSuccess(far -> join(near, handshake, far))
        .onFailure(
            failure ->
                handshake.refuse(
                    failure instanceof TunnelFailure known ? known : TunnelFailure.silent()));
  }

  private Future<NetSocket> dial(SocketAddress target) {
    HttpClientAgent running = client;
    if (running == null) {
      return Future.failedFuture(TunnelFailure.unreachable());
    }
    return running
        .connect(
            new HttpConnectOptions()
                .setServer(SocketAddress.inetSocketAddress(proxy.port(), proxy.host()))
                .setHost(literal(target))
                .setPort(target.port())
                .setSsl(false))
        .transform(
            (connection, unreachable) ->
                unreachable == null
                    ? ask(connection, target)
                    : Future.failedFuture(TunnelFailure.unreachable()));
  }

  private Future<NetSocket> ask(HttpClientConnection connection, SocketAddress target) {
    Future<NetSocket> answered =
        connection
            .request(connectTo(target))
            .compose(Tunnels::connect)
            .timeout(connect.toMillis(), TimeUnit.MILLISECONDS)
            .transform(Tunnels::judged);
    return answered.onFailure(
        refused -> {
          Future<Void> closed = connection.close();
          closed.onFailure(alreadyClosed -> {});
        });
  }

  private static Future<HttpClientResponse> connect(HttpClientRequest request) {
    ReadAhead.limit(request.connection());
    return request.connect();
  }

  private RequestOptions connectTo(SocketAddress target) {
    String authority = literal(target) + ":" + target.port();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.CONNECT)
            .setHost(literal(target))
            .setPort(target.port())
            .setURI(authority);
    proxy.authorization().ifPresent(value -> options.putHeader("Proxy-Authorization", value));
    return options;
  }

  private static String literal(SocketAddress target) {
    return target.host().contains(":") ? "[" + target.host() + "]" : target.host();
  }

  private static Future<NetSocket> judged(
      @Nullable HttpClientResponse response, @Nullable Throwable failure) {
    if (response == null) {
      return Future.failedFuture(TunnelFailure.silent());
    }
    return response.statusCode() / 100 == 2
        ? Future.succeededFuture(response.netSocket())
        : Future.failedFuture(TunnelFailure.refused(response.statusCode()));
  }

  /**
   * Each side is read no faster than the other takes it, and ends with the other. What broke off is
   * passed on as broken: where only the end of the connection ends a body, an orderly end would
   * make it look whole.
   */
  private static void join(NetSocket near, Handshake handshake, NetSocket far) {
    far.pause();
    near.closeHandler(gone -> close(far));
    far.closeHandler(gone -> {});
    handshake
        .accept()
        .onSuccess(
            told -> {
              far.pipe()
                  .endOnFailure(false)
                  .to(near)
                  .onComplete(ended -> close(near), broken -> reset(near));
              near.pipeTo(far).onComplete(over -> close(far));
            })
        .onFailure(gone -> close(far));
  }

  /** Vert.x has no way of its own to say so. */
  private static void reset(NetSocket socket) {
    Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    close(socket);
  }

  private static void close(NetSocket socket) {
    Future<Void> closed = socket.close();
    closed.onFailure(alreadyClosed -> {});
  }

  @Override
  public Future<Void> stop() {
    NetServer listening = server;
    HttpClientAgent dialling = client;
    server = null;
    client = null;
    return listening == null || dialling == null
        ? Future.succeededFuture()
        : Future.join(listening.close(), dialling.close()).mapEmpty();
  }
}
