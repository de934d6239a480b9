package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One stream after the other, each opened when its turn comes and closed at its end. */
final class ChainedStreams extends InputStream {
  private final Iterator<BodySource> sources;
  private @Nullable InputStream current;

  ChainedStreams(Iterator<BodySource> sources) {
    this.sources = sources;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (current == null && !sources.hasNext()) {
        return -1;
      }
      InputStream in = current == null ? sources.next().open() : current;
      current = in;
      int read = in.read(target, offset, length);
      if (read > 0) {
        return read;
      }
      close();
    }
  }

  @Override
  public void close() throws IOException {
    InputStream old = current;
    current = null;
    if (old != null) {
      old.close();
    }
  }
}
