package io.bgfetch.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * A store of immutable blobs under names of the form {@code a/b/c}. All calls block and belong on a
 * thread that may; they may come from any thread.
 */
public interface BlobStore extends AutoCloseable {

  /** Begins a blob. It exists for readers only from {@link Draft#commit} on. */
  Draft begin(String key) throws IOException;

  /**
   * Opens a blob for reading from {@code offset} on. The caller closes the channel.
   *
   * @throws java.nio.file.NoSuchFileException if there is no blob of that name
   */
  ReadableByteChannel open(String key, long offset) throws IOException;

  /**
   * Gives the bytes of one blob a second name, under which they stay when the first one is deleted.
   * Durable and visible when it returns; a name that exists already is left as it is.
   *
   * @throws java.nio.file.NoSuchFileException if there is no blob {@code from}
   */
  void copy(String from, String to) throws IOException;

  /** Deletes every blob whose name begins with {@code prefix + "/"}; none is no error. */
  void deleteAll(String prefix) throws IOException;

  @Override
  void close();

  /**
   * A blob that is being written, used by one thread at a time. Closing it without a commit throws
   * away what was written.
   */
  interface Draft extends AutoCloseable {

    /** Writes all that remains in {@code bytes}. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes the blob durable and visible under its name, in this order. */
    void commit() throws IOException;

    @Override
    void close() throws IOException;
  }
}
