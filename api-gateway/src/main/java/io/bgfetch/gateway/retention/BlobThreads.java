package io.bgfetch.gateway.retention;

import io.bgfetch.blob.BlobStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The blob store, used on threads of its own: few, so that deleting leaves the disk to others. */
final class BlobThreads {

  private static final int THREADS = 2;
  private static final Duration WARN_AFTER = Duration.ofMinutes(10);

  private final BlobStore blobs;
  private final WorkerExecutor threads;

  BlobThreads(Vertx vertx, BlobStore blobs) {
    this.blobs = blobs;
    this.threads =
        vertx.createSharedWorkerExecutor(
            "bgfetch-retention", THREADS, WARN_AFTER.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A use of the blob store, which blocks. */
  interface Use<T> {
    T of(BlobStore blobs) throws IOException;
  }

  /** A use without an answer. */
  interface Change {
    void of(BlobStore blobs) throws IOException;
  }

  <T> Future<T> get(Use<T> use) {
    return threads.executeBlocking(() -> use.of(blobs), false);
  }

  Future<Void> run(Change change) {
    return threads.executeBlocking(
        () -> {
          change.of(blobs);
          return null;
        },
        false);
  }

  Future<Void> close() {
    return threads.close();
  }
}
