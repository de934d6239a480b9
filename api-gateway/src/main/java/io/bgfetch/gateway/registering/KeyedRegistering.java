package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.KeyStore.Memory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers what has an idempotency key: at most once, however often it is sent. Of those that come
 * with the same key one makes the registration, the others wait for it and are shown it. Only a
 * registration is remembered: after any failure the next one tries.
 */
final class KeyedRegistering {

  private static final Logger LOG = LoggerFactory.getLogger(KeyedRegistering.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final int RENEWALS = 3;

  private final Vertx vertx;
  private final KeyStore keys;
  private final Registrations registrations;
  private final KeySettings settings;

  KeyedRegistering(Vertx vertx, KeyStore keys, Registrations registrations, KeySettings settings) {
    this.vertx = vertx;
    this.keys = keys;
    this.registrations = registrations;
    this.settings = settings;
  }

  /** The registration that this key made, now or before. */
  Future<Registration> register(String tenant, String key, Submission submission) {
    BodyIdentity identity = new BodyIdentity(submission.purpose());
    KeyClaim claim = new KeyClaim(tenant, key, UUID.randomUUID(), identity, settings.keep());
    return claimed(claim, submission, settings.patience().dividedBy(LOOK_EVERY));
  }

  private Future<Registration> claimed(KeyClaim claim, Submission submission, long looks) {
    return keys.claim(claim)
        .compose(ours -> ours ? first(claim, submission) : later(claim, submission, looks));
  }

  private Future<Registration> first(KeyClaim claim, Submission submission) {
    Renewal lease =
        new Renewal(vertx, settings.lease().dividedBy(RENEWALS), () -> keys.extend(claim));
    lease.start();
    return Future.<Void>succeededFuture()
        .compose(now -> submission.register(claim)) // what it throws is a failure like any other
        .onComplete(done -> lease.stop())
        .recover(cause -> release(claim).transform(gone -> Future.failedFuture(cause)));
  }

  private Future<Boolean> release(KeyClaim claim) {
    return keys.release(claim)
        .onFailure(
            cause -> LOG.atInfo().setCause(cause).log("a key stays taken until its lease is over"));
  }

  private Future<Registration> later(KeyClaim claim, Submission submission, long looks) {
    return keys.find(claim.tenant(), claim.key())
        .compose(
            found ->
                found.isPresent()
                    ? remembered(claim, submission, found.get(), looks)
                    : lookAgain(claim, submission, looks));
  }

  private Future<Registration> lookAgain(KeyClaim claim, Submission submission, long looks) {
    Throwable broken = submission.broken();
    if (broken != null) {
      return Future.failedFuture(broken);
    }
    if (looks <= 0) {
      return Future.failedFuture(
          Problem.busy("the first request of this Idempotency-Key is still under way")
              .toException());
    }
    return vertx
        .timer(LOOK_EVERY.toMillis())
        .compose(passed -> claimed(claim, submission, looks - 1));
  }

  private Future<Registration> remembered(
      KeyClaim claim, Submission submission, Memory memory, long looks) {
    return registrations
        .find(claim.tenant(), memory.uid())
        .compose(
            found ->
                found.isPresent()
                    ? again(claim, submission, memory)
                    : keys.forgetDeleted(claim.tenant(), claim.key(), memory.uid())
                        .compose(gone -> lookAgain(claim, submission, looks)));
  }

  /** Nothing is stored of it; its body is read to compare it. */
  private Future<Registration> again(KeyClaim claim, Submission submission, Memory memory) {
    return submission
        .identify(claim.identity())
        .compose(read -> compared(claim, memory))
        .map(StoredRegistration::registration);
  }

  private Future<StoredRegistration> compared(KeyClaim claim, Memory memory) {
    return memory.bodyHash().equals(claim.identity().hash())
        ? registrations
            .find(claim.tenant(), memory.uid())
            .map(found -> found.orElseThrow(KeyedRegistering::goneMeanwhile))
        : Future.failedFuture(Problem.anotherBody().toException());
  }

  private static RuntimeException goneMeanwhile() {
    return Problem.busy("the registration was deleted just now, try again").toException();
  }
}
