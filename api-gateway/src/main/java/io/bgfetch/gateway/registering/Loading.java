package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.registering.RegistrationStore.Completion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
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

  /** Much less than the silence after which it is taken for that of a dead gateway. */
  private static final Duration TOUCH_EVERY = Duration.ofMinutes(10);

  private final NewRegistration registration;
  private final RegistrationStore store;
  private final RequestBodies bodies;
  private final Renewal touching;
  private @Nullable Future<Void> opened;
  private @Nullable Promise<Void> whenSettled;
  private @Nullable Throwable failure;
  private Runnable whenStored = () -> {};
  private int inFlight;
  private long uploadTotal;
  private boolean allGet = true;

  Loading(
      Vertx vertx, NewRegistration registration, RegistrationStore store, RequestBodies bodies) {
    this.registration = registration;
    this.store = store;
    this.bodies = bodies;
    this.touching = new Renewal(vertx, TOUCH_EVERY, () -> store.touch(registration.uid()));
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
    count(batch);
    open()
        .compose(done -> bodies.stored(uid(), batch))
        .compose(light -> store.store(uid(), light))
        .onFailure(this::fail)
        .onComplete(done -> stored());
  }

  /** Makes the registration exist, with its last batch, once all others are stored. */
  Future<Registration> register(RequestBatch last) {
    count(last);
    boolean atOnce = opened == null && last.requests().stream().noneMatch(RequestBodies::isLarge);
    return (atOnce ? Future.<Void>succeededFuture() : open())
        .compose(open -> settled())
        .compose(stored -> bodies.stored(uid(), last))
        .compose(
            light ->
                store.register(registration, new Completion(light, !atOnce, uploadTotal, allGet)))
        .onComplete(done -> touching.stop());
  }

  /** Deletes what was stored. Whatever of it fails is found by the sweep. */
  Future<Void> abandon() {
    touching.stop();
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

  /** Makes it known to the sweep, so that whatever is stored from now on does not stay for ever. */
  Future<Void> open() {
    if (opened == null) {
      opened = store.open(uid());
      touching.start();
    }
    return opened;
  }

  /**
   * Refuses early what {@link #register} would refuse now.
   *
   * @param uploadBytes of bodies that are there already
   * @return how many bytes of further bodies fit what the tenant may store
   */
  Future<Long> admit(long uploadBytes) {
    return store.admit(registration, uploadBytes);
  }

  /** Begins the body of request {@code index}, to be written once this is {@link #open}. */
  BodyWriting beginBody(int index, BodyRoom room) {
    return bodies.begin(uid(), index, room);
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

  UUID uid() {
    return registration.uid();
  }

  private void count(RequestBatch batch) {
    for (CheckedRequest request : batch.requests()) {
      count(request.request().bodySize(), request.request().method().equals("GET"));
    }
  }

  /**
   * Counts requests that are being stored: the length of their bodies, and whether all are GETs.
   */
  void count(long uploadBytes, boolean get) {
    uploadTotal += uploadBytes;
    allGet &= get;
  }
}
