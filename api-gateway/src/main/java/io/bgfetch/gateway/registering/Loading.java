package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registration on its way into the store, batch by batch, two at a time. It exists from {@link
 * #register} on; before that {@link #abandon} leaves nothing of it. Used from one context.
 */
final class Loading {

  private static final Logger LOG = LoggerFactory.getLogger(Loading.class);
  private static final int IN_FLIGHT = 2;

  private final NewRegistration registration;
  private final RegistrationStore store;
  private final RequestBodies bodies;
  private @Nullable Future<Void> opened;
  private @Nullable Promise<Void> whenSettled;
  private @Nullable Throwable failure;
  private Runnable whenStored = () -> {};
  private int inFlight;
  private long uploadTotal;

  Loading(NewRegistration registration, RegistrationStore store, RequestBodies bodies) {
    this.registration = registration;
    this.store = store;
    this.bodies = bodies;
  }

  /** Calls {@code whenStored} each time that a batch is stored, or has failed to be. */
  Loading onStored(Runnable whenStored) {
    this.whenStored = whenStored;
    return this;
  }

  /** Whether the giver of batches should wait. */
  boolean busy() {
    return inFlight >= IN_FLIGHT;
  }

  /** Why a batch could not be stored; then no further one can. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Stores a batch. */
  void add(RequestBatch batch) {
    inFlight++;
    uploadTotal += bodySizes(batch);
    open()
        .compose(done -> bodies.stored(uid(), batch))
        .compose(light -> store.store(uid(), light))
        .onFailure(this::fail)
        .onComplete(done -> stored());
  }

  /** Makes the registration exist, with its last batch, once all others are stored. */
  Future<Registration> register(RequestBatch last) {
    uploadTotal += bodySizes(last);
    boolean atOnce = opened == null && last.requests().stream().noneMatch(RequestBodies::isLarge);
    return (atOnce ? Future.<Void>succeededFuture() : open())
        .compose(open -> settled())
        .compose(stored -> bodies.stored(uid(), last))
        .compose(light -> store.register(registration, light, !atOnce, uploadTotal));
  }

  /** Deletes what was stored. Whatever of it fails is found by the sweep. */
  Future<Void> abandon() {
    if (opened == null) {
      return Future.succeededFuture();
    }
    return settled()
        .transform(settled -> store.abandon(uid()))
        .compose(
            ours ->
                ours
                    ? bodies.delete(uid()).compose(gone -> store.delete(uid()))
                    : Future.<Void>succeededFuture())
        .onFailure(
            cause ->
                LOG.atInfo()
                    .addKeyValue("uid", uid())
                    .setCause(cause)
                    .log("an abandoned registration is left to the sweep"));
  }

  private Future<Void> open() {
    if (opened == null) {
      opened = store.open(uid());
    }
    return opened;
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private void stored() {
    inFlight--;
    if (inFlight == 0 && whenSettled != null) {
      end(whenSettled);
    }
    whenStored.run();
  }

  /** Ends when no batch is on its way, with the failure of one if there was any. */
  private Future<Void> settled() {
    Promise<Void> promise = Promise.promise();
    if (inFlight == 0) {
      end(promise);
    } else {
      whenSettled = promise;
    }
    return promise.future();
  }

  private void end(Promise<Void> promise) {
    if (failure == null) {
      promise.complete();
    } else {
      promise.fail(failure);
    }
  }

  private UUID uid() {
    return registration.uid();
  }

  private static long bodySizes(RequestBatch batch) {
    return batch.requests().stream().mapToLong(request -> request.request().bodySize()).sum();
  }
}
