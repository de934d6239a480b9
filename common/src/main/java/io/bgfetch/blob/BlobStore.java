package io.bgfetch.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

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

  /** Deletes a blob; none of that name is no error. */
  void delete(String key) throws IOException;

  /**
   * Deletes what was begun under names that begin with {@code prefix + "/"} and never committed.
   * Whoever calls this knows that nobody writes there any more.
   */
  void deleteDrafts(String prefix) throws IOException;

  /** The names of all blobs that begin with {@code prefix + "/"}. The caller closes it. */
  Listing list(String prefix) throws IOException;

  /**
   * What the names of all blobs begin with, up to their first {@code /}, each once. The caller
   * closes it.
   */
  Listing prefixes() throws IOException;

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

  /**
   * Names in no particular order, read as they are asked for, by one thread at a time. What comes
   * or goes meanwhile may be among them or not.
   */
  interface Listing extends AutoCloseable {

    /** The next names, at most so many; an empty list is the end. */
    List<String> next(int atMost) throws IOException;

    @Override
    void close() throws IOException;
  }
}
