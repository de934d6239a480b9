package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;

/**
 * A stream of pieces each of which is made only when it is read: of any length in little memory.
 */
final class PieceStream extends InputStream {
  private final Iterator<byte[]> pieces;
  private byte[] piece = {};
  private int position;

  PieceStream(Iterator<byte[]> pieces) {
    this.pieces = pieces;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int written = 0;
    while (written < length && hasBytes()) {
      int part = Math.min(length - written, piece.length - position);
      System.arraycopy(piece, position, target, offset + written, part);
      position += part;
      written += part;
    }
    return written == 0 && length > 0 ? -1 : written;
  }

  private boolean hasBytes() {
    while (position == piece.length && pieces.hasNext()) {
      piece = pieces.next();
      position = 0;
    }
    return position < piece.length;
  }
}
