package io.bgfetch.gateway.api;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.net.BindException;

/**
 * Fails to start where the gateway could not listen: before it takes part in the cluster, not after
 * it took shards over from others.
 */
public final class FreePort implements Part {

  private final Vertx vertx;
  private final HttpSettings settings;

  public FreePort(Vertx vertx, HttpSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  @Override
  public Future<Void> start() {
    return vertx
        .createNetServer()
        .connectHandler(early -> early.close().onFailure(gone -> {}))
        .listen(settings.port(), settings.host())
        .compose(NetServer::close)
        .recover(cause -> Future.failedFuture(named(cause)));
  }

  private Throwable named(Throwable cause) {
    return cause instanceof BindException
        ? new BindException(
            settings.host() + ":" + settings.port() + " (" + cause.getMessage() + ")")
        : cause;
  }

  @Override
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
