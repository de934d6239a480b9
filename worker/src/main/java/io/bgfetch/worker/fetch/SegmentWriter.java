package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Brings a body from the event loop to the blob store: bytes queue here until they are worth a
 * piece of work, and one at a time takes all that have queued. Segments that are full are forced to
 * the disk while the next one is being written. Belongs to the worker's context.
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

  /** Full segments of one body that may be on their way to the disk. */
  private static final int MOST_CLOSED = 2;

  private final BlobThreads threads;
  private final SegmentFile file;
  private final WriteBudget budget;
  private final Listener listener;
  private final BodyAge age;
  private final Promise<Segments> finished = Promise.promise();
  private final List<Segment> stored = new ArrayList<>();
  private final Deque<ClosedSegment> closed = new ArrayDeque<>();
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
  private boolean whole;
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
        discard(file::abandon);
      }
    }
  }

  private void work() {
    if (busy || over || whole || closed.size() >= MOST_CLOSED || !worthwhile()) {
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
    threads
        .write(buffer -> file.append(batch, close, buffer))
        .onComplete(this::written, this::unwritten);
  }

  /** A small body is opened, written and forced to the disk at once, a long one by halves. */
  private boolean worthwhile() {
    return closeDue || finishing || queuedBytes >= budget.perBody() / 2;
  }

  private void written(List<ClosedSegment> segments) {
    busy = false;
    bytesUnderWay = 0;
    if (over) {
      segments.forEach(segment -> discard(segment::discard));
      discard(file::abandon);
      return;
    }
    if (!segments.isEmpty()) {
      segmentSince = lastTick;
    }
    whole = finishing && closing && queued.isEmpty();
    closed.addAll(segments);
    segments.stream().filter(segment -> !segment.durable()).forEach(this::commit);
    advance();
  }

  private void commit(ClosedSegment full) {
    threads.run(full::commit).onComplete(durable -> advance(), this::broken);
  }

  private void advance() {
    if (over) {
      return;
    }
    boolean more = false;
    while (!closed.isEmpty() && closed.getFirst().durable()) {
      stored.add(closed.removeFirst().segment());
      more = true;
    }
    if (whole && closed.isEmpty()) {
      end();
      finished.complete(new Segments(stored));
      return;
    }
    if (more) {
      listener.stored(new Segments(stored));
    }
    work();
    if (!full()) {
      listener.drained();
    }
  }

  private void unwritten(Throwable cause) {
    busy = false;
    if (over) {
      discard(file::abandon);
    } else {
      broken(cause);
    }
  }

  private void broken(Throwable cause) {
    if (!over) {
      abandon();
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

  private void discard(Discarding unwanted) {
    Future<Boolean> discarded =
        threads.run(
            () -> {
              unwanted.run();
              return true;
            });
    discarded.onFailure(ignored -> {});
  }

  private interface Discarding {
    void run() throws IOException;
  }
}
