package io.bgfetch.gateway.registering;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what gateways that died left of registrations that never came to be. */
final class LoadingSweep implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(LoadingSweep.class);
  private static final Duration EVERY = Duration.ofHours(1);

  /** A client that sends nothing for so long has lost its connection long before. */
  private static final Duration SILENT = Duration.ofHours(1);

  private final Vertx vertx;
  private final RegistrationStore store;
  private final RequestBodies bodies;
  private long timer = -1;
  private boolean stopped;

  LoadingSweep(Vertx vertx, RegistrationStore store, RequestBodies bodies) {
    this.vertx = vertx;
    this.store = store;
    this.bodies = bodies;
  }

  @Override
  public Future<Void> start() {
    sweepThenArm();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  private void sweepThenArm() {
    sweep(SILENT)
        .onFailure(cause -> LOG.atWarn().setCause(cause).log("a sweep of loadings failed"))
        .onComplete(swept -> arm());
  }

  private void arm() {
    if (!stopped) {
      timer = vertx.setTimer(EVERY.toMillis(), fired -> sweepThenArm());
    }
  }

  /** Deletes those that were silent for so long. */
  Future<Void> sweep(Duration silent) {
    return store.leftBehind(silent).compose(this::deleteAll);
  }

  private Future<Void> deleteAll(List<UUID> uids) {
    Future<Void> chain = Future.succeededFuture();
    for (UUID uid : uids) {
      chain = chain.compose(done -> delete(uid));
    }
    return chain;
  }

  private Future<Void> delete(UUID uid) {
    return store
        .abandon(uid)
        .compose(
            ours ->
                ours
                    ? bodies.delete(uid).compose(done -> store.delete(uid))
                    : Future.succeededFuture());
  }
}
