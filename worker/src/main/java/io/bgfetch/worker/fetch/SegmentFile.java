package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.SegmentSizes;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body into segments of the blob store and hashes it. All calls block; they come from one
 * thread at a time.
 */
final class SegmentFile {

  private final BlobStore store;
  private final Supplier<String> names;
  private final Segments there;
  private final BodyDigest digest;
  private BlobStore.@Nullable Draft draft;
  private String name = "";
  private int number;
  private long size;

  /**
   * A body that has these segments already.
   *
   * @param names for further ones
   * @param digest has hashed what is there
   */
  SegmentFile(BlobStore store, Supplier<String> names, Segments there, BodyDigest digest) {
    this.store = store;
    this.names = names;
    this.there = there;
    this.digest = digest;
    this.number = there.segments().size();
  }

  /** The segments that the body had already. */
  Segments there() {
    return there;
  }

  /**
   * Appends bytes.
   *
   * @param close whether the present segment ends here, however small it is; then it is durable
   * @param gathered where the bytes are put together to be written; a direct buffer
   * @return the segments that are closed since
   */
  List<ClosedSegment> append(List<Buffer> batch, boolean close, ByteBuffer gathered)
      throws IOException {
    List<ClosedSegment> closed = new ArrayList<>();
    try {
      write(batch, gathered.clear(), closed);
      if (close && size > 0) {
        ClosedSegment last = closed();
        closed.add(last);
        last.commit();
      }
      return closed;
    } catch (IOException | RuntimeException e) {
      for (ClosedSegment segment : closed) {
        segment.discard();
      }
      throw e;
    }
  }

  private void write(List<Buffer> batch, ByteBuffer gathered, List<ClosedSegment> closed)
      throws IOException {
    for (Buffer buffer : batch) {
      ByteBuffer bytes = ((BufferInternal) buffer).getByteBuf().nioBuffer();
      digest.update(bytes);
      gather(bytes, gathered, closed);
    }
    write(gathered);
  }

  private void gather(ByteBuffer bytes, ByteBuffer gathered, List<ClosedSegment> closed)
      throws IOException {
    while (bytes.hasRemaining()) {
      int room = Math.min(bytes.remaining(), gathered.remaining());
      int part = (int) Math.min(room, SegmentSizes.limitOf(number) - size);
      gathered.put(bytes.slice(bytes.position(), part));
      bytes.position(bytes.position() + part);
      size += part;
      if (size == SegmentSizes.limitOf(number)) {
        write(gathered);
        closed.add(closed());
      } else if (!gathered.hasRemaining()) {
        write(gathered);
      }
    }
  }

  private void write(ByteBuffer gathered) throws IOException {
    gathered.flip();
    if (gathered.hasRemaining()) {
      draft().write(gathered);
    }
    gathered.clear();
  }

  private BlobStore.Draft draft() throws IOException {
    BlobStore.Draft open = draft;
    if (open == null) {
      name = names.get();
      open = store.begin(name);
      draft = open;
    }
    return open;
  }

  private ClosedSegment closed() throws IOException {
    ClosedSegment closed = new ClosedSegment(new Segment(name, size), draft());
    draft = null;
    number++;
    size = 0;
    return closed;
  }

  /** Throws the unfinished segment away; those that are durable stay. */
  void abandon() throws IOException {
    BlobStore.Draft open = draft;
    draft = null;
    if (open != null) {
      open.close();
    }
  }
}
