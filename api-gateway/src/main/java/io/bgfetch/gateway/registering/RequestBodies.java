package io.bgfetch.gateway.registering;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.RetryStore.SegmentedBody;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;

/**
 * Moves request bodies that are too large for a row into the blob store, before the row is there.
 */
final class RequestBodies {

  private final BlobStore blobs;
  private final BlobWork work;

  RequestBodies(BlobStore blobs, WorkerExecutor blocking) {
    this.blobs = blobs;
    this.work = new BlobWork(blocking);
  }

  /** Whether a body must not ride in its row. */
  static boolean isLarge(CheckedRequest request) {
    return request.request().bodySize() > StoredBody.INLINE_LIMIT;
  }

  /** A body that comes piece by piece: the one of request {@code index}. */
  BodyWriting begin(UUID uid, int index, BodyRoom room) {
    return new BodyWriting(new SegmentWriter(blobs, uid, index), work, room);
  }

  /** The same batch with its large bodies durable in the blob store. */
  Future<RequestBatch> stored(UUID uid, RequestBatch batch) {
    return batch.requests().stream().noneMatch(RequestBodies::isLarge)
        ? Future.succeededFuture(batch)
        : work.run(() -> store(uid, batch));
  }

  /** Copies bodies that another registration has; fails with a problem where it has lost them. */
  Future<Void> copy(UUID uid, List<SegmentedBody> from) {
    return from.isEmpty()
        ? Future.succeededFuture()
        : work.run(
            () -> {
              for (SegmentedBody body : from) {
                copy(uid, body);
              }
              return null;
            });
  }

  private void copy(UUID uid, SegmentedBody body) throws IOException {
    int n = 0;
    for (Segment segment : body.segments().segments()) {
      try {
        blobs.copy(segment.key(), BlobKeys.requestSegment(uid, body.index(), n++));
      } catch (NoSuchFileException gone) {
        throw Problem.invalidState("the records are not available any more").toException();
      }
    }
  }

  /** Deletes the bodies of a registration that did not come to be. */
  Future<Void> delete(UUID uid) {
    return work.run(
        () -> {
          blobs.deleteAll(uid.toString());
          return null;
        });
  }

  private RequestBatch store(UUID uid, RequestBatch batch) throws IOException {
    RequestBatch stored = new RequestBatch(batch.firstIndex());
    for (CheckedRequest request : batch.requests()) {
      stored.add(isLarge(request) ? store(uid, stored.nextIndex(), request) : request);
    }
    return stored;
  }

  private CheckedRequest store(UUID uid, int index, CheckedRequest checked) throws IOException {
    return checked.request().body() instanceof StoredBody.Inline inline
        ? checked.withBody(write(uid, index, inline.bytes()))
        : checked;
  }

  private StoredBody write(UUID uid, int index, byte[] bytes) throws IOException {
    try (SegmentWriter writer = new SegmentWriter(blobs, uid, index)) {
      writer.write(ByteBuffer.wrap(bytes));
      return writer.finish();
    }
  }
}
