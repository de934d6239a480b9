package io.bgfetch.gateway.reading;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Readings of segments, on a few threads that may block. */
public final class BlobReads implements Part {

  private static final int THREADS = 8;
  private static final Duration WARN_AFTER = Duration.ofMinutes(1);

  private final BlobStore blobs;
  private final WorkerExecutor blocking;

  public BlobReads(Vertx vertx, BlobStore blobs) {
    this.blobs = blobs;
    this.blocking =
        vertx.createSharedWorkerExecutor(
            "bgfetch-bodies", THREADS, WARN_AFTER.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A reading of a part of what these segments hold together. */
  SegmentReading of(List<Segment> segments, ByteRange range) {
    return new SegmentReading(segments, range, blobs, blocking);
  }

  /** A reading of all that these segments hold. */
  SegmentReading of(List<Segment> segments) {
    long size = segments.stream().mapToLong(Segment::size).sum();
    return of(segments, new ByteRange(0, size - 1));
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    return blocking.close();
  }
}
