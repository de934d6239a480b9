package io.bgfetch.gateway.registering;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.WholeBody;
import io.bgfetch.gateway.news.ShardPokes;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Makes registrations of what clients send: checked, durable, and then told to their shard. A
 * registration exists as a whole or not at all.
 */
public final class Registering implements Part {

  /** A larger document is checked away from the event loop. */
  private static final int SMALL = 32 * 1024;

  private static final int THREADS = 4;
  private static final Duration WARN_AFTER = Duration.ofMinutes(1);

  private final RegisteringLimits limits;
  private final ShardOf shardOf;
  private final ShardPokes pokes;
  private final WorkerExecutor blocking;
  private final RegistrationStore store;
  private final RequestBodies bodies;
  private final LoadingSweep sweep;
  private final NoArgGenerator uids = Generators.timeBasedEpochGenerator();

  public Registering(
      Vertx vertx,
      Pool pool,
      BlobStore blobs,
      ShardPokes pokes,
      ShardOf shardOf,
      RegisteringLimits limits) {
    this.limits = limits;
    this.shardOf = shardOf;
    this.pokes = pokes;
    this.blocking =
        vertx.createSharedWorkerExecutor(
            "bgfetch-registering", THREADS, WARN_AFTER.toNanos(), TimeUnit.NANOSECONDS);
    this.store = new RegistrationStore(pool, limits.activeRegistrations());
    this.bodies = new RequestBodies(blobs, blocking);
    this.sweep = new LoadingSweep(vertx, store, bodies);
  }

  @Override
  public Future<Void> start() {
    return sweep.start();
  }

  @Override
  public Future<Void> stop() {
    return sweep.stop().compose(done -> blocking.close());
  }

  /** Registers what comes as one JSON document. */
  public Future<Registration> registerDocument(String tenant, BodyPieces body) {
    return new WholeBody(body, limits.documentBytes())
        .run()
        .compose(this::check)
        .compose(
            document ->
                new DocumentStoring(begin(tenant, document.head()), document.batches()).run())
        .onSuccess(this::tellShard);
  }

  /** Registers what comes as lines, NDJSON; any number of them in little memory. */
  public Future<Registration> registerLines(String tenant, BodyPieces body) {
    return new LineReading(body, limits, head -> begin(tenant, head))
        .run()
        .onSuccess(this::tellShard);
  }

  private Future<CheckedDocument> check(Buffer json) {
    return json.length() <= SMALL
        ? Future.succeededFuture(json).map(small -> CheckedDocument.of(small, limits))
        : blocking.executeBlocking(() -> CheckedDocument.of(json, limits), false);
  }

  private Loading begin(String tenant, RegistrationHead head) {
    UUID uid = uids.generate();
    NewRegistration registration = new NewRegistration(uid, tenant, shardOf.of(uid), head);
    return new Loading(registration, store, bodies);
  }

  private void tellShard(Registration registration) {
    pokes.registered(registration.uid(), shardOf.of(registration.uid()));
  }
}
