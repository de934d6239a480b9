package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.SegmentSizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Writes as much as the first segment of a body may have, and throws it away. Blocks.
 *
 * @param name of the blob that never comes to be
 */
record StoreProbe(BlobStore store, String name) implements Callable<@Nullable Void> {

  private static final int PIECE = 1 << 20;

  @Override
  public @Nullable Void call() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try (BlobStore.Draft draft = store.begin(name)) {
      for (long written = 0; written < SegmentSizes.limitOf(0); written += PIECE) {
        draft.write(piece.clear());
      }
    }
    return null;
  }
}
