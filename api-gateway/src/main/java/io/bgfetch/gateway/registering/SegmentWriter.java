package io.bgfetch.gateway.registering;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.SegmentSizes;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request body into segments of the blob store. Blocks; used by one thread at a time.
 * Closing it before it is finished leaves the segments that are complete.
 */
final class SegmentWriter implements AutoCloseable {

  private final BlobStore blobs;
  private final UUID uid;
  private final int index;
  private final List<Segment> segments = new ArrayList<>();
  private BlobStore.@Nullable Draft draft;
  private long written;

  SegmentWriter(BlobStore blobs, UUID uid, int index) {
    this.blobs = blobs;
    this.uid = uid;
    this.index = index;
  }

  /** Writes all that remains in {@code bytes}. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      BlobStore.Draft open = open();
      long room = SegmentSizes.limitOf(segments.size()) - written;
      ByteBuffer part = bytes.slice();
      part.limit((int) Math.min(room, part.remaining()));
      int size = part.remaining();
      open.write(part);
      bytes.position(bytes.position() + size);
      written += size;
      if (size == room) {
        complete(open);
      }
    }
  }

  /** The whole body, durable. */
  StoredBody finish() throws IOException {
    BlobStore.Draft last = draft;
    if (last != null) {
      complete(last);
    }
    return new StoredBody.Segments(segments);
  }

  private BlobStore.Draft open() throws IOException {
    BlobStore.Draft open = draft;
    if (open == null) {
      open = blobs.begin(key());
      draft = open;
    }
    return open;
  }

  private void complete(BlobStore.Draft open) throws IOException {
    open.commit();
    open.close();
    segments.add(new Segment(key(), written));
    draft = null;
    written = 0;
  }

  private String key() {
    return BlobKeys.requestSegment(uid, index, segments.size());
  }

  @Override
  public void close() throws IOException {
    BlobStore.Draft open = draft;
    draft = null;
    if (open != null) {
      open.close();
    }
  }
}
