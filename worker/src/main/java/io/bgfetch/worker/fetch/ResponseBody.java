package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of a response: in memory while it is small and young, in segments of the blob
 * store from then on. Ending the stream says nothing (a broken response ends it too); {@link
 * #finish} says that the body is whole. Belongs to the worker's context.
 */
final class ResponseBody implements WriteStream<Buffer> {

  private static final long IN_MEMORY_FOR_MILLIS = 1_000;

  private final long allowed;
  private final BodyDigest digest;
  private final Traffic traffic;
  private final LongFunction<SegmentWriter> segmentWriters;
  private final boolean resumed;
  private Buffer small = Buffer.buffer();
  private @Nullable SegmentWriter segments;
  private @Nullable Handler<Void> drainHandler;
  private long since;
  private long received;
  private boolean over;

  /**
   * A body of which so many bytes are stored already.
   *
   * @param allowed the most bytes that it may have
   * @param traffic counts those that come
   * @param digest hashes it; here while it stays small
   * @param segmentWriters for one that does not, by when it began to come
   */
  ResponseBody(
      long stored,
      long allowed,
      Traffic traffic,
      BodyDigest digest,
      LongFunction<SegmentWriter> segmentWriters) {
    this.resumed = stored > 0;
    this.received = stored;
    this.allowed = allowed;
    this.digest = digest;
    this.traffic = traffic;
    this.segmentWriters = segmentWriters;
  }

  /** Bytes received so far, those that were stored already included. */
  long received() {
    return received;
  }

  /** An answer is here, whose bytes come from now on. */
  void answered(long now) {
    if (small.length() == 0) {
      since = now;
    }
  }

  @Override
  public Future<Void> write(Buffer data) {
    if (over) {
      return Future.failedFuture(new IllegalStateException("bytes behind the end"));
    }
    received += data.length();
    traffic.downloaded(data.length());
    if (received > allowed) {
      return Future.failedFuture(new BodyTooLarge());
    }
    if (staysSmall()) {
      small.appendBuffer(data);
    } else {
      segments().add(data);
    }
    return Future.succeededFuture();
  }

  private boolean staysSmall() {
    return segments == null && !resumed && received <= StoredBody.INLINE_LIMIT;
  }

  private SegmentWriter segments() {
    SegmentWriter writer = segments;
    if (writer == null) {
      writer = segmentWriters.apply(since);
      segments = writer;
      if (small.length() > 0) {
        writer.add(small);
        small = Buffer.buffer();
      }
    }
    return writer;
  }

  /** Makes what came so far readable for others, when it is time to. */
  void tick(long now) {
    if (segments != null) {
      segments.tick(now);
    } else if (small.length() > 0 && now - since >= IN_MEMORY_FOR_MILLIS) {
      segments().tick(now);
    }
  }

  /** The body is whole: stores what is not yet stored. */
  Future<BodyContent> finish() {
    over = true;
    if (staysSmall()) {
      byte[] bytes = small.getBytes();
      digest.update(bytes);
      return Future.succeededFuture(digest.finish(new StoredBody.Inline(bytes)));
    }
    return segments().finish().map(digest::finish);
  }

  /** Whether there may be bytes that are not stored yet. */
  boolean unsaved() {
    return segments != null || small.length() > 0;
  }

  /** No more bytes will come: stores those that came, for another attempt to go on from. */
  Future<StoredBody.Segments> save() {
    over = true;
    return segments().finish();
  }

  /** Nobody wants the body any more. */
  void abandon() {
    over = true;
    if (segments != null) {
      segments.abandon();
    }
  }

  /** There is room for more bytes. */
  void drained() {
    Handler<Void> waiting = drainHandler;
    drainHandler = null;
    if (waiting != null) {
      waiting.handle(null);
    }
  }

  @Override
  public boolean writeQueueFull() {
    return segments != null && segments.full();
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    drainHandler = handler;
    return this;
  }

  @Override
  public Future<Void> end() {
    return Future.succeededFuture();
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }
}
