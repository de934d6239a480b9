package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;

/**
 * Hashes what earlier attempts stored, so that the digest of a resumed body is that of the whole.
 * Piece by piece: a long body keeps no blob thread from the others. Belongs to the worker's
 * context.
 */
final class Rehash {

  private static final long PIECE = 8L << 20;

  private final BlobThreads threads;
  private final SegmentsReader reader;
  private final BodyDigest digest;
  private long left;
  private volatile boolean stopped;

  /**
   * One that has not begun.
   *
   * @param digest hashes on from what is stored
   */
  Rehash(BlobThreads threads, BlobStore store, Segments stored, BodyDigest digest) {
    this.threads = threads;
    this.reader = new SegmentsReader(store, stored);
    this.digest = digest;
    this.left = stored.size();
  }

  /**
   * Ends when all is hashed; fails where not all of it can be read (see {@link
   * SegmentsReader#gone}), or when it is stopped.
   */
  Future<Void> run() {
    return threads.run(this::piece).compose(more -> more ? run() : Future.succeededFuture());
  }

  /** Reads no more. */
  void stop() {
    stopped = true;
  }

  private boolean piece() throws IOException {
    boolean more = false;
    try {
      more = hash(PIECE);
      return more;
    } finally {
      if (!more) {
        reader.close();
      }
    }
  }

  private boolean hash(long most) throws IOException {
    long hashed = 0;
    while (hashed < most && !stopped) {
      Buffer bytes = reader.next();
      if (bytes.length() == 0) {
        return atEnd();
      }
      digest.update(bytes.getBytes());
      hashed += bytes.length();
      left -= bytes.length();
    }
    if (stopped) {
      throw new IOException("not needed any more");
    }
    return true;
  }

  private boolean atEnd() throws IOException {
    if (left != 0) {
      throw new EOFException(left + " bytes of the manifest are not stored");
    }
    return false;
  }
}
