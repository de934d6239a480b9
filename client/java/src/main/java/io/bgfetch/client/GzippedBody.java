package io.bgfetch.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** Another stream in gzip (RFC 1952), compressed as it is read. */
final class GzippedBody extends InputStream {
  private static final int BLOCK = 1 << 14;

  private final InputStream plain;
  private final ByteArrayOutputStream coded = new ByteArrayOutputStream(BLOCK);
  private final GZIPOutputStream gzip;
  private byte[] piece = {};
  private int position;
  private boolean finished;

  GzippedBody(InputStream plain) throws IOException {
    this.plain = plain;
    this.gzip = new GZIPOutputStream(coded, BLOCK);
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
    while (position == piece.length) {
      if (finished) {
        return -1;
      }
      compress();
    }
    int part = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, part);
    position += part;
    return part;
  }

  private void compress() throws IOException {
    byte[] block = plain.readNBytes(BLOCK);
    if (block.length > 0) {
      gzip.write(block);
    } else {
      gzip.finish();
      finished = true;
    }
    piece = coded.toByteArray();
    position = 0;
    coded.reset();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
