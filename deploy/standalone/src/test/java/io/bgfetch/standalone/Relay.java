package io.bgfetch.standalone;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port that leads to another one, until the test cuts what is connected or leads it elsewhere.
 */
final class Relay implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final NetServer server;
  private volatile int target;
  private volatile boolean stalled;

  Relay(int target) throws Exception {
    this.target = target;
    this.server = await(vertx.createNetServer().connectHandler(this::connect).listen(0, HOST));
  }

  private void connect(NetSocket caller) {
    int port = target;
    if (port == 0) {
      var unused = caller.close();
      return;
    }
    caller.pause();
    client
        .connect(port, HOST)
        .onSuccess(called -> join(caller, called))
        .onFailure(refused -> caller.close());
  }

  private void join(NetSocket caller, NetSocket called) {
    sockets.add(caller);
    caller.pipeTo(called).onComplete(end -> called.close());
    called.handler(bytes -> pass(bytes, caller)).closeHandler(end -> close(caller));
  }

  private void pass(Buffer bytes, NetSocket caller) {
    if (!stalled) {
      var unused = caller.write(bytes);
    }
  }

  private void close(NetSocket caller) {
    sockets.remove(caller);
    var unused = caller.close();
  }

  /** Ends every connection; new ones are refused. */
  void cut() {
    target = 0;
    sockets.forEach(this::close);
  }

  /** Nothing comes back any more, though all connections seem to live; or does again. */
  void stall(boolean stall) {
    stalled = stall;
  }

  /** New connections lead to that port. */
  void leadTo(int port) {
    target = port;
  }

  URI url() {
    return URI.create("http://" + HOST + ":" + server.actualPort());
  }

  @Override
  public void close() throws Exception {
    var unused = await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }
}
