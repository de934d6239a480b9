package io.bgfetch.gateway.registering;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.news.ShardPokes;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.seal.HeaderSeal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes registrations of what clients send: checked, durable, and then told to their shard. A
 * registration exists as a whole or not at all.
 */
public final class Registering implements Part {

  private static final int THREADS = 4;
  private static final Duration WARN_AFTER = Duration.ofMinutes(1);

  private final ShardOf shardOf;
  private final ShardPokes pokes;
  private final WorkerExecutor blocking;
  private final Workshop workshop;
  private final KeyedRegistering keyed;
  private final LoadingSweep loadingSweep;
  private final KeySweep keySweep;

  /**
   * Who sends something.
   *
   * @param idempotencyKey under which it is registered at most once; null for none
   */
  public record Sender(String tenant, @Nullable String idempotencyKey) {}

  public Registering(
      Vertx vertx,
      Pool pool,
      BlobStore blobs,
      ShardPokes pokes,
      ShardOf shardOf,
      RegisteringSettings settings) {
    RegisteringLimits limits = settings.limits();
    this.shardOf = shardOf;
    this.pokes = pokes;
    this.blocking =
        vertx.createSharedWorkerExecutor(
            "bgfetch-registering", THREADS, WARN_AFTER.toNanos(), TimeUnit.NANOSECONDS);
    Registrations registrations = new Registrations(pool);
    RegistrationStore store = new RegistrationStore(pool, limits);
    RequestBodies bodies = new RequestBodies(blobs, blocking);
    HeaderSeal seal = new HeaderSeal(settings.key(), new SecureRandom());
    Checks checks = new Checks(limits, new HeaderSealing(settings.secrets(), seal));
    this.workshop =
        new Workshop(
            checks,
            new DocumentThreads(checks, blocking),
            new BodyBudget(limits.documentsBytes()),
            new Loadings(vertx, shardOf, store, bodies),
            bodies,
            new RetryStore(pool, registrations));
    KeyStore keys = new KeyStore(pool, settings.keys().lease());
    this.keyed = new KeyedRegistering(vertx, keys, registrations, settings.keys());
    this.loadingSweep = new LoadingSweep(vertx, store, bodies);
    this.keySweep = new KeySweep(vertx, keys);
  }

  @Override
  public Future<Void> start() {
    return loadingSweep.start().compose(done -> keySweep.start());
  }

  @Override
  public Future<Void> stop() {
    return loadingSweep.stop().compose(done -> keySweep.stop()).compose(done -> blocking.close());
  }

  /** What all bodies share that are held in memory as a whole. */
  public BodyBudget memory() {
    return workshop.budget();
  }

  /** Registers what comes as one JSON document. */
  public Future<Registration> registerDocument(Sender sender, BodyPieces body) {
    return register(sender, new DocumentSubmission(sender.tenant(), body, workshop));
  }

  /** Registers what comes as lines, NDJSON; any number of them in little memory. */
  public Future<Registration> registerLines(Sender sender, BodyPieces body) {
    return register(sender, new LinesSubmission(sender.tenant(), body, workshop));
  }

  /** Registers what comes as {@code multipart/form-data}; bodies of any size in little memory. */
  public Future<Registration> registerForm(Sender sender, String boundary, BodyPieces body) {
    return register(sender, new FormSubmission(sender.tenant(), boundary, body, workshop));
  }

  /**
   * Registers the records of a registration that failed once more, as a new registration.
   *
   * @param ref uid or id of the registration
   */
  public Future<Registration> retry(Sender sender, String ref, BodyPieces body) {
    return register(sender, new RetrySubmission(sender.tenant(), ref, body, workshop));
  }

  private Future<Registration> register(Sender sender, Submission submission) {
    String key = sender.idempotencyKey();
    Future<Registration> registered =
        key == null ? submission.register(null) : keyed.register(sender.tenant(), key, submission);
    return registered.onSuccess(this::tellShard);
  }

  private void tellShard(Registration registration) {
    pokes.registered(registration.uid(), shardOf.of(registration.uid()));
  }
}
