package io.bgfetch.gateway.registering;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what gateways that died left of registrations that never came to be. */
final class LoadingSweep implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(LoadingSweep.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

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

  /**
   * Deletes those that were silent for so long. One that cannot be deleted is left to the next
   * sweep and keeps no other from its turn.
   */
  Future<Void> sweep(Duration silent) {
    Map<UUID, Throwable> failed = new LinkedHashMap<>();
    return sweep(silent, failed).andThen(swept -> log(failed));
  }

  private Future<Void> sweep(Duration silent, Map<UUID, Throwable> failed) {
    return store
        .leftBehind(silent)
        .compose(uids -> deleteEach(uids, failed))
        .compose(more -> more && !stopped ? sweep(silent, failed) : Future.succeededFuture());
  }

  /** Whether there may be more: a whole page was found, and some of it is gone. */
  private Future<Boolean> deleteEach(List<UUID> uids, Map<UUID, Throwable> failed) {
    Future<Void> chain = Future.succeededFuture();
    for (UUID uid : uids) {
      chain = chain.compose(before -> delete(uid)).otherwise(cause -> keep(uid, cause, failed));
    }
    return chain.map(
        done ->
            uids.size() == RegisteringSql.LEFT_BEHIND_PAGE && !failed.keySet().containsAll(uids));
  }

  private static @Nullable Void keep(UUID uid, Throwable cause, Map<UUID, Throwable> failed) {
    failed.put(uid, cause);
    return null;
  }

  /** Once for all: they fail for one reason, mostly. */
  private static void log(Map<UUID, Throwable> failed) {
    failed.values().stream()
        .findFirst()
        .ifPresent(
            cause ->
                LOG.atWarn()
                    .addKeyValue("loadings", failed.size())
                    .setCause(cause)
                    .log("loadings could not be deleted, and stay until the next sweep"));
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
