package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way to the gateway. It knows for how long nobody has read from it, which is how an
 * upload that hangs is told from one that is long, and whether it failed by itself: then it is no
 * use to send it again. The HTTP client reads, who sends may look and close.
 */
final class UploadBody extends InputStream {
  private final InputStream content;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean reading;
  private volatile boolean closed;
  private volatile long lastRead = System.nanoTime();

  UploadBody(InputStream content) {
    this.content = content;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    reading = true;
    try {
      return content.read(target, offset, length);
    } catch (RuntimeException e) {
      failure = e;
      throw new IOException("the list of requests broke off", e);
    } catch (IOException e) {
      failure = new UncheckedIOException(e);
      throw e;
    } finally {
      lastRead = System.nanoTime();
      reading = false;
    }
  }

  /** For how long nothing was read; zero while the caller's own list is what takes time. */
  Duration idle() {
    return reading ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastRead);
  }

  /** What the caller's list or bodies threw while they were read, null when they did not. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public void close() {
    closed = true;
    try {
      content.close();
    } catch (IOException e) {
      // all of it that was wanted has been read
    }
  }
}
