package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A segment that has all its bytes. It is closed by {@link #commit} or {@link #discard}, which
 * block.
 */
final class ClosedSegment {

  private final Segment segment;
  private final BlobStore.Draft draft;
  private volatile boolean durable;

  ClosedSegment(Segment segment, BlobStore.Draft draft) {
    this.segment = segment;
    this.draft = draft;
  }

  Segment segment() {
    return segment;
  }

  /** Makes it durable. */
  @Nullable Void commit() throws IOException {
    try (BlobStore.Draft whole = draft) {
      whole.commit();
    }
    durable = true;
    return null;
  }

  boolean durable() {
    return durable;
  }

  /** Throws it away, unless it is durable. */
  void discard() throws IOException {
    draft.close();
  }
}
