package io.bgfetch.gateway.retention;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.lifecycle.Assembly;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Deletes what is needed no longer: records that expired or were given up, registrations that
 * nobody may ask for any more, and blobs that belong to nothing. All gateways of a cluster offer to
 * do it, and for each duty one does.
 */
public final class Retention implements Part {

  /** What clients and tenants may be waiting for. */
  private static final Duration OFTEN = Duration.ofSeconds(2);

  /** What only costs disk. */
  private static final Duration SELDOM = Duration.ofMinutes(1);

  private final BlobThreads blobs;
  private final StrayWalk walk;
  private final Assembly rounds;

  public Retention(Vertx vertx, Pool pool, BlobStore blobs) {
    this.blobs = new BlobThreads(vertx, blobs);
    this.walk = new StrayWalk(pool, this.blobs, InstantSource.system());
    UUID gateway = UUID.randomUUID();
    List<Part> parts = new ArrayList<>();
    for (Duty duty : urgent(pool, this.blobs)) {
      parts.add(new DutyRounds(vertx, duty, new DutyLease(pool, duty.name(), gateway), OFTEN));
    }
    for (Duty duty :
        List.of(
            new PartitionDrop(pool),
            new Forgiveness(pool),
            new StatisticsDeletion(pool),
            new WebhookCleaning(pool),
            new OrphanSweep(pool, this.blobs),
            this.walk)) {
      parts.add(new DutyRounds(vertx, duty, new DutyLease(pool, duty.name(), gateway), SELDOM));
    }
    this.rounds = new Assembly(parts);
  }

  /** In the order in which they follow from each other. */
  private static List<Duty> urgent(Pool pool, BlobThreads blobs) {
    return List.of(
        new Expiry(pool),
        new Forgetting(pool),
        new BlobDeletion(pool, blobs),
        new RowDeletion(pool));
  }

  @Override
  public Future<Void> start() {
    return rounds.start();
  }

  @Override
  public Future<Void> stop() {
    return rounds.stop().eventually(walk::close).eventually(blobs::close);
  }
}
