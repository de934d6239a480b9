package io.bgfetch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bulk registration as a stream of lines that are written only as they are read, so that a list
 * of any length needs the memory of one line. It knows for how long nobody has read from it, which
 * is how an upload that hangs is told from one that is long.
 */
final class NdjsonBody extends InputStream {
  private static final byte NEW_LINE = '\n';

  private final Iterator<FetchRequest> requests;
  private byte[] line;
  private int position;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean reading;
  private volatile long lastRead = System.nanoTime();

  NdjsonBody(ObjectNode head, Iterator<FetchRequest> requests) {
    this.requests = requests;
    this.line = line(head);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    reading = true;
    try {
      return fill(target, offset, length);
    } catch (RuntimeException e) {
      failure = e;
      throw new IOException("the list of requests broke off", e);
    } finally {
      lastRead = System.nanoTime();
      reading = false;
    }
  }

  private int fill(byte[] target, int offset, int length) {
    int written = 0;
    while (written < length && hasBytes()) {
      int part = Math.min(length - written, line.length - position);
      System.arraycopy(line, position, target, offset + written, part);
      position += part;
      written += part;
    }
    return written == 0 && length > 0 ? -1 : written;
  }

  private boolean hasBytes() {
    if (position == line.length && requests.hasNext()) {
      line = line(requests.next().json());
      position = 0;
    }
    return position < line.length;
  }

  private static byte[] line(ObjectNode json) {
    byte[] bytes = Json.bytes(json);
    byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = NEW_LINE;
    return line;
  }

  /** For how long nothing was read; zero while the caller's own list is what takes time. */
  Duration idle() {
    return reading ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastRead);
  }

  /** What the caller's list threw while it was walked, null when it did not. */
  @Nullable RuntimeException failure() {
    return failure;
  }
}
