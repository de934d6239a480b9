package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.SegmentSizes;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.buffer.Buffer;
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
   * @param close whether the present segment ends here, however small it is
   * @return the segments that are durable since
   */
  List<Segment> append(List<Buffer> batch, boolean close) throws IOException {
    List<Segment> stored = new ArrayList<>();
    for (Buffer buffer : batch) {
      byte[] bytes = buffer.getBytes();
      digest.update(bytes);
      write(ByteBuffer.wrap(bytes), stored);
    }
    if (close && size > 0) {
      stored.add(commit());
    }
    return stored;
  }

  private void write(ByteBuffer bytes, List<Segment> stored) throws IOException {
    while (bytes.hasRemaining()) {
      int part = (int) Math.min(bytes.remaining(), SegmentSizes.limitOf(number) - size);
      draft().write(bytes.slice(bytes.position(), part));
      bytes.position(bytes.position() + part);
      size += part;
      if (size == SegmentSizes.limitOf(number)) {
        stored.add(commit());
      }
    }
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

  private Segment commit() throws IOException {
    try (BlobStore.Draft whole = draft()) {
      whole.commit();
    }
    Segment segment = new Segment(name, size);
    draft = null;
    number++;
    size = 0;
    return segment;
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
