package io.bgfetch.gateway.reading;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of a part of a body in segments: piece by piece, each when the last was taken. Who
 * takes nothing for two minutes is given up.
 */
final class SegmentReading {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentReading.class);
  private static final int PIECE = 128 * 1024;
  private static final Duration TAKEN_WITHIN = Duration.ofMinutes(2);

  private final BlobStore blobs;
  private final WorkerExecutor blocking;
  private final Iterator<Segment> segments;
  private final Promise<Void> promise = Promise.promise();
  private @Nullable ReadableByteChannel open;
  private long leftOfSegment;
  private long skip;
  private long left;

  SegmentReading(
      List<Segment> segments, ByteRange range, BlobStore blobs, WorkerExecutor blocking) {
    this.blobs = blobs;
    this.blocking = blocking;
    this.segments = segments.iterator();
    this.skip = range.first();
    this.left = range.length();
  }

  /** Opens the first segment, which is then there whatever is deleted. */
  Future<Void> begin() {
    return left == 0 ? Future.succeededFuture() : blocking(this::openNext).mapEmpty();
  }

  Future<Void> sendTo(WriteStream<Buffer> stream) {
    sendNext(stream);
    return promise.future();
  }

  private void sendNext(WriteStream<Buffer> stream) {
    if (left == 0) {
      close().onComplete(promise);
      return;
    }
    blocking(this::read)
        .compose(
            piece ->
                stream
                    .write(piece)
                    .timeout(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .recover(SegmentReading::notTaken))
        .onSuccess(written -> sendNext(stream))
        .onFailure(this::fail);
  }

  private static Future<Void> notTaken(Throwable cause) {
    return Future.failedFuture(
        cause instanceof TimeoutException
            ? Problem.ofStatus(408, "Request Timeout").toException()
            : cause);
  }

  private Buffer read() throws IOException {
    ReadableByteChannel channel = open == null ? openNext() : open;
    int wanted = (int) Math.min(PIECE, Math.min(left, leftOfSegment));
    ByteBuffer bytes = ByteBuffer.allocate(wanted);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("a segment is shorter than its manifest says");
      }
    }
    left -= wanted;
    leftOfSegment -= wanted;
    if (leftOfSegment == 0) {
      channel.close();
      open = null;
    }
    return Buffer.buffer(bytes.array());
  }

  /**
   * A failure of the blob store is no failure of the database, which is the other one to do I/O.
   */
  private <T> Future<T> blocking(Callable<T> reading) {
    return blocking.executeBlocking(
        () -> {
          try {
            return reading.call();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        false);
  }

  private ReadableByteChannel openNext() throws IOException {
    Segment segment = segments.next();
    while (skip >= segment.size()) {
      skip -= segment.size();
      segment = segments.next();
    }
    ReadableByteChannel channel = blobs.open(segment.key(), skip);
    leftOfSegment = segment.size() - skip;
    skip = 0;
    open = channel;
    return channel;
  }

  private void fail(Throwable cause) {
    close().onComplete(closed -> promise.fail(cause));
  }

  /** Lets go of what is open, where nothing is to be sent after all. */
  Future<Void> close() {
    ReadableByteChannel channel = open;
    if (channel == null) {
      return Future.succeededFuture();
    }
    open = null;
    return blocking.executeBlocking(
        () -> {
          try {
            channel.close();
          } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a segment could not be closed");
          }
          return null;
        },
        false);
  }
}
