package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a body from the event loop to the blob store: bytes queue here, one piece of work at a
 * time takes all that have queued. Belongs to the worker's context.
 */
final class SegmentWriter {

  /** Hears how the writing goes. */
  interface Listener {

    /** These segments are durable: all so far. */
    void stored(Segments soFar);

    /** There is room for more bytes. */
    void drained();

    /** The store failed; nothing more will be written. */
    void failed(StoreFailure failure);
  }

  private final BlobThreads threads;
  private final SegmentFile file;
  private final WriteBudget budget;
  private final Listener listener;
  private final BodyAge age;
  private final Promise<Segments> finished = Promise.promise();
  private final List<Segment> stored = new ArrayList<>();
  private List<Buffer> queued = new ArrayList<>();
  private long queuedBytes;
  private long bytesUnderWay;
  private long segmentSince;
  private long lastTick;
  private boolean unsegmented;
  private boolean closeDue;
  private boolean busy;
  private boolean closing;
  private boolean finishing;
  private boolean over;

  /** A writer of what comes behind the segments that the file knows. */
  SegmentWriter(
      BlobThreads threads, SegmentFile file, WriteBudget budget, BodyAge age, Listener listener) {
    this.threads = threads;
    this.file = file;
    this.stored.addAll(file.there().segments());
    this.budget = budget;
    this.age = age;
    this.segmentSince = age.since();
    this.lastTick = age.since();
    this.listener = listener;
    budget.opened();
  }

  void add(Buffer bytes) {
    queued.add(bytes);
    queuedBytes += bytes.length();
    unsegmented = true;
    work();
  }

  /** Whether its sender should wait: too many bytes are not written yet. */
  boolean full() {
    return queuedBytes + bytesUnderWay >= budget.perBody();
  }

  /** Closes the present segment when it has been open long enough for its readers. */
  void tick(long now) {
    lastTick = now;
    if (unsegmented && !closeDue && now - segmentSince >= age.patience(now)) {
      closeDue = true;
      work();
    }
  }

  /** Writes what has queued and closes the last segment. */
  Future<Segments> finish() {
    finishing = true;
    work();
    return finished.future();
  }

  /** Writes no more, and throws the unfinished segment away. */
  void abandon() {
    if (!over) {
      end();
      if (!busy) {
        discard();
      }
    }
  }

  private void work() {
    if (busy || over) {
      return;
    }
    if (queued.isEmpty() && !closeDue && !finishing) {
      return;
    }
    List<Buffer> batch = queued;
    boolean close = closeDue || finishing;
    bytesUnderWay = queuedBytes;
    queued = new ArrayList<>();
    queuedBytes = 0;
    closeDue = false;
    unsegmented = !close && unsegmented;
    busy = true;
    closing = close;
    threads.run(() -> file.append(batch, close)).onComplete(this::written, this::broken);
  }

  private void written(List<Segment> segments) {
    busy = false;
    bytesUnderWay = 0;
    if (over) {
      discard();
      return;
    }
    stored.addAll(segments);
    if (finishing && closing && queued.isEmpty()) {
      end();
      finished.complete(new Segments(stored));
      return;
    }
    if (!segments.isEmpty()) {
      segmentSince = lastTick;
      listener.stored(new Segments(stored));
    }
    work();
    if (!full()) {
      listener.drained();
    }
  }

  private void broken(Throwable cause) {
    busy = false;
    boolean first = !over;
    if (first) {
      end();
    }
    discard();
    if (first) {
      StoreFailure failure = new StoreFailure(cause);
      finished.tryFail(failure);
      listener.failed(failure);
    }
  }

  private void end() {
    over = true;
    queued = List.of();
    budget.closed();
  }

  private void discard() {
    Future<Void> discarded =
        threads.run(
            () -> {
              file.abandon();
              return null;
            });
    discarded.onFailure(ignored -> {});
  }
}
