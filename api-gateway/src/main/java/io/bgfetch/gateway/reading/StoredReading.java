package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.gateway.reading.ReaderLeases.Lease;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One reading of a body that is stored as a whole. From its beginning to its close nothing of the
 * body is deleted.
 */
public final class StoredReading {

  private final StoredBody body;
  private final Lease lease;
  private final BlobReads blobs;
  private final Supplier<? extends Future<?>> check;
  private SegmentReading segments;
  private ByteRange range = new ByteRange(0, -1);

  /**
   * Makes a reading.
   *
   * @param check fails with the reason where the body must not be read any more
   */
  StoredReading(
      StoredBody body, Lease lease, BlobReads blobs, Supplier<? extends Future<?>> check) {
    this.body = body;
    this.lease = lease;
    this.blobs = blobs;
    this.check = check;
    this.segments = blobs.of(List.of(), range);
  }

  /** Length of the whole body in bytes. */
  public long size() {
    return body.size();
  }

  /** All of the body. */
  public ByteRange whole() {
    return new ByteRange(0, body.size() - 1);
  }

  /**
   * Prepares to send a part; once it is prepared it can be sent. A body of one segment has no lease
   * and may have been deleted since it was found: then the check says why.
   */
  public Future<Void> begin(ByteRange part) {
    range = part;
    if (!(body instanceof StoredBody.Segments all)) {
      return Future.succeededFuture();
    }
    segments = blobs.of(all.segments(), part);
    return segments.begin().recover(this::explain);
  }

  private Future<Void> explain(Throwable cause) {
    Future<Void> failed = Future.failedFuture(cause);
    return cause.getCause() instanceof NoSuchFileException
        ? check.get().compose(stillReadable -> failed)
        : failed;
  }

  /**
   * Writes the part and does not end the stream. No faster is read than the stream takes. Where it
   * fails the stream has got less than the part.
   */
  public Future<Void> sendTo(WriteStream<Buffer> to) {
    return switch (body) {
      case StoredBody.Inline inline ->
          range.length() == 0
              ? Future.succeededFuture()
              : to.write(
                  Buffer.buffer(inline.bytes())
                      .slice(Math.toIntExact(range.first()), Math.toIntExact(range.last() + 1)));
      case StoredBody.Segments large -> segments.sendTo(to);
    };
  }

  /** Ends the reading, whether it was sent or not. */
  public void close() {
    lease.drop();
    segments.close().onFailure(gone -> {});
  }
}
