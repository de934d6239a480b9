package io.bgfetch.worker.fetch;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which blobs are read and written; mostly they wait for the disk, which takes many
 * files at once sooner than one after the other. What queues for them is bounded by its askers:
 * each body has a few pieces of work under way.
 */
public final class BlobThreads implements Part {

  /** Writes with the buffer that belongs to the thread. */
  interface Writing<T extends @Nullable Object> {
    T with(ByteBuffer buffer) throws Exception;
  }

  private static final long WARN_AFTER_SECONDS = 60;
  private static final int BUFFER = 256 << 10;

  private final Vertx vertx;
  private final String name;
  private final int threads;
  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER));
  private @Nullable WorkerExecutor executor;

  public BlobThreads(Vertx vertx, String name, int threads) {
    this.vertx = vertx;
    this.name = name;
    this.threads = threads;
  }

  @Override
  public Future<Void> start() {
    executor =
        vertx.createSharedWorkerExecutor(name, threads, WARN_AFTER_SECONDS, TimeUnit.SECONDS);
    return Future.succeededFuture();
  }

  /** Runs blocking work; the future ends on the caller's context. */
  <T> Future<T> run(Callable<T> work) {
    WorkerExecutor running = executor;
    return running == null
        ? Future.failedFuture(new IllegalStateException("the blob threads do not run"))
        : running.executeBlocking(work, false);
  }

  /** Runs blocking work that needs a direct buffer; the future ends on the caller's context. */
  <T> Future<T> write(Writing<T> work) {
    return run(() -> work.with(buffers.get()));
  }

  @Override
  public Future<Void> stop() {
    WorkerExecutor running = executor;
    executor = null;
    return running == null ? Future.succeededFuture() : running.close();
  }
}
