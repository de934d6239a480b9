package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of a response: in memory while it is small and young, in segments of the blob
 * store from then on. Ending the stream says nothing (a broken response ends it too); {@link
 * #finish} says that the body is whole. Belongs to the worker's context.
 */
final class ResponseBody implements WriteStream<Buffer> {

  private static final long IN_MEMORY_FOR_MILLIS = 1_000;

  private final long allowed;
  private final long since;
  private final BodyDigest digest;
  private final Traffic traffic;
  private final Supplier<SegmentWriter> segmentWriters;
  private final Buffer small = Buffer.buffer();
  private @Nullable SegmentWriter segments;
  private @Nullable Handler<Void> drainHandler;
  private long received;

  /**
   * A body without bytes.
   *
   * @param allowed the most bytes that may come
   * @param since when it began, in milliseconds
   * @param traffic counts its bytes
   * @param digest for a body that stays small
   * @param segmentWriters for one that does not
   */
  ResponseBody(
      long allowed,
      long since,
      Traffic traffic,
      BodyDigest digest,
      Supplier<SegmentWriter> segmentWriters) {
    this.allowed = allowed;
    this.since = since;
    this.digest = digest;
    this.traffic = traffic;
    this.segmentWriters = segmentWriters;
  }

  /** Bytes received so far. */
  long received() {
    return received;
  }

  @Override
  public Future<Void> write(Buffer data) {
    received += data.length();
    traffic.downloaded(data.length());
    if (received > allowed) {
      return Future.failedFuture(new BodyTooLarge());
    }
    if (segments == null && received <= StoredBody.INLINE_LIMIT) {
      small.appendBuffer(data);
    } else {
      segments().add(data);
    }
    return Future.succeededFuture();
  }

  private SegmentWriter segments() {
    SegmentWriter writer = segments;
    if (writer == null) {
      writer = segmentWriters.get();
      segments = writer;
      if (small.length() > 0) {
        writer.add(small);
      }
    }
    return writer;
  }

  /** Makes what came so far readable for others, when it is time to. */
  void tick(long now) {
    if (segments == null && received > 0 && now - since >= IN_MEMORY_FOR_MILLIS) {
      SegmentWriter begun = segments();
      begun.tick(now);
    } else if (segments != null) {
      segments.tick(now);
    }
  }

  /** The body is whole: stores what is not yet stored. */
  Future<BodyContent> finish() {
    SegmentWriter writer = segments;
    if (writer == null) {
      byte[] bytes = small.getBytes();
      digest.update(bytes);
      return Future.succeededFuture(new BodyContent(new StoredBody.Inline(bytes), digest.finish()));
    }
    return writer.finish().map(stored -> new BodyContent(stored, writer.digest()));
  }

  /** The body will not become whole. */
  void abandon() {
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
