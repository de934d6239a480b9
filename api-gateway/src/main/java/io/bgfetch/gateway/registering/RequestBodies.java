package io.bgfetch.gateway.registering;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.SegmentSizes;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.fetch.FetchRequest;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Moves request bodies that are too large for a row into the blob store, before the row is there.
 */
final class RequestBodies {

  private final BlobStore blobs;
  private final WorkerExecutor blocking;

  RequestBodies(BlobStore blobs, WorkerExecutor blocking) {
    this.blobs = blobs;
    this.blocking = blocking;
  }

  /** Whether a body must not ride in its row. */
  static boolean isLarge(CheckedRequest request) {
    return request.request().bodySize() > StoredBody.INLINE_LIMIT;
  }

  /** The same batch with its large bodies durable in the blob store. */
  Future<RequestBatch> stored(UUID uid, RequestBatch batch) {
    return batch.requests().stream().noneMatch(RequestBodies::isLarge)
        ? Future.succeededFuture(batch)
        : blocking.executeBlocking(() -> store(uid, batch), false);
  }

  /** Deletes the bodies of a registration that did not come to be. */
  Future<Void> delete(UUID uid) {
    return blocking.executeBlocking(
        () -> {
          blobs.deleteAll(uid.toString());
          return null;
        },
        false);
  }

  private RequestBatch store(UUID uid, RequestBatch batch) throws IOException {
    RequestBatch stored = new RequestBatch(batch.firstIndex());
    for (CheckedRequest request : batch.requests()) {
      stored.add(isLarge(request) ? store(uid, stored.nextIndex(), request) : request);
    }
    return stored;
  }

  private CheckedRequest store(UUID uid, int index, CheckedRequest checked) throws IOException {
    FetchRequest request = checked.request();
    if (!(request.body() instanceof StoredBody.Inline inline)) {
      return checked;
    }
    FetchRequest stored =
        new FetchRequest(
            request.url(),
            request.method(),
            request.headers(),
            request.sealedHeaders(),
            write(uid, index, inline.bytes()),
            request.redirect(),
            request.integrity());
    return new CheckedRequest(stored, checked.urlKey());
  }

  private StoredBody write(UUID uid, int index, byte[] bytes) throws IOException {
    List<Segment> segments = new ArrayList<>();
    int from = 0;
    while (from < bytes.length) {
      int n = segments.size();
      int size = (int) Math.min(SegmentSizes.limitOf(n), bytes.length - from);
      String key = BlobKeys.requestSegment(uid, index, n);
      try (BlobStore.Draft draft = blobs.begin(key)) {
        draft.write(ByteBuffer.wrap(bytes, from, size));
        draft.commit();
      }
      segments.add(new Segment(key, size));
      from += size;
    }
    return new StoredBody.Segments(segments);
  }
}
