package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;

/**
 * The storing of one request body that comes piece by piece: a small one stays in memory, a large
 * one goes to the blob store. One call at a time, the next when the future of the last has ended.
 */
final class BodyWriting {

  private static final int CHUNK = 256 * 1024;

  private final SegmentWriter segments;
  private final BlobWork blobs;
  private final BodyRoom room;
  private Buffer waiting = Buffer.buffer();
  private long size;

  BodyWriting(SegmentWriter segments, BlobWork blobs, BodyRoom room) {
    this.segments = segments;
    this.blobs = blobs;
    this.room = room;
  }

  /** Takes the next piece; throws the problem of a body that has become too long. */
  Future<Void> write(Buffer piece) {
    size += piece.length();
    room.require(size);
    waiting.appendBuffer(piece);
    return waiting.length() < CHUNK ? Future.succeededFuture() : flush();
  }

  private Future<Void> flush() {
    byte[] bytes = waiting.getBytes();
    waiting = Buffer.buffer();
    return blobs.run(
        () -> {
          segments.write(ByteBuffer.wrap(bytes));
          return null;
        });
  }

  /**
   * The body, once it is complete: durable where it is not small.
   *
   * @param fits whether there is room in memory for a small one of some bytes
   */
  Future<StoredBody> finish(IntPredicate fits) {
    return size == 0 || (size <= StoredBody.INLINE_LIMIT && fits.test((int) size))
        ? Future.succeededFuture(new StoredBody.Inline(waiting.getBytes()))
        : flush().compose(flushed -> blobs.run(segments::finish));
  }

  /** How long it is so far, in bytes. */
  long size() {
    return size;
  }

  /** Gives up what is not complete. */
  Future<Void> abandon() {
    return blobs.run(
        () -> {
          segments.close();
          return null;
        });
  }
}
