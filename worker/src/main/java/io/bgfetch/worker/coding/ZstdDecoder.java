package io.bgfetch.worker.coding;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code zstd} (RFC 8878): all frames, and nothing else behind them. A frame may need a window of
 * at most 8 MiB (RFC 9659, section 3), which is what one decoder holds at most.
 */
final class ZstdDecoder implements Decoder {

  private static final int WINDOW_LOG = 23;

  private final Offered offered = new Offered();
  private final ZstdInputStreamNoFinalizer decoder;
  private boolean begun;
  private final byte[] piece = new byte[PIECE];
  private boolean closed;

  ZstdDecoder() {
    try {
      decoder = new ZstdInputStreamNoFinalizer(offered).setLongMax(WINDOW_LOG);
    } catch (IOException noMemory) {
      throw new UncheckedIOException(noMemory);
    }
  }

  @Override
  public void offer(byte[] coded) {
    begun |= coded.length > 0;
    offered.bytes = coded;
    offered.position = 0;
  }

  @Override
  public byte @Nullable [] poll() {
    if (closed) {
      return null;
    }
    try {
      // Continuous: the end of what was offered is not the end of the data.
      int n = decoder.setContinuous(true).read(piece, 0, PIECE);
      return n <= 0 ? null : Arrays.copyOf(piece, n);
    } catch (IOException broken) {
      throw DecodingFailure.corrupt("zstd", broken);
    }
  }

  /** Asked for one byte more, the library says whether it is in the middle of a frame. */
  @Override
  public boolean complete() {
    if (!begun || closed) {
      return !begun;
    }
    try {
      return decoder.setContinuous(false).read(new byte[1], 0, 1) < 0;
    } catch (IOException inTheMiddle) {
      return false;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        decoder.close();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }

  /** What was offered and is not read yet. */
  private static final class Offered extends InputStream {

    private byte[] bytes = {};
    private int position;

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (position == bytes.length) {
        return -1;
      }
      int n = Math.min(length, bytes.length - position);
      System.arraycopy(bytes, position, into, offset, n);
      position += n;
      return n;
    }

    @Override
    public int available() {
      return bytes.length - position;
    }
  }
}
