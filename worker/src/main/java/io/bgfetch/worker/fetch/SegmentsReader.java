package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads the segments of a stored body one after the other. Blocks; one thread at a time. */
final class SegmentsReader implements AutoCloseable {

  private static final int PIECE = 64 << 10;

  private final BlobStore store;
  private final Iterator<Segment> segments;
  private @Nullable ReadableByteChannel open;

  SegmentsReader(BlobStore store, Segments body) {
    this.store = store;
    this.segments = body.segments().iterator();
  }

  /** Whether a failure to read says that bytes are not there, and not that the store fails. */
  static boolean gone(Throwable failure) {
    return failure instanceof NoSuchFileException || failure instanceof EOFException;
  }

  /** The next bytes; none at the end. */
  Buffer next() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    while (open != null || segments.hasNext()) {
      ReadableByteChannel channel = open;
      if (channel == null) {
        channel = store.open(segments.next().key(), 0);
        open = channel;
      }
      if (channel.read(piece) >= 0) {
        return Buffer.buffer(PIECE).appendBytes(piece.array(), 0, piece.position());
      }
      close();
    }
    return Buffer.buffer();
  }

  @Override
  public void close() throws IOException {
    ReadableByteChannel channel = open;
    open = null;
    if (channel != null) {
      channel.close();
    }
  }
}
