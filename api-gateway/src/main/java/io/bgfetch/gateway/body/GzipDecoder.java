package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A body in gzip (RFC 1952), of any number of members. It is unpacked in small pieces, each only
 * when it is wanted, so that a body that unpacks to a thousand times its size never lies in memory.
 */
final class GzipDecoder implements ContentDecoder {

  private static final int PIECE = 32 * 1024;
  private static final int TRAILER = 8;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private GzipHeader header = new GzipHeader();
  private byte[] coded = {};
  private int position;
  private long trailer;
  private int trailerBytes;
  private boolean inMember;
  private boolean closed;

  @Override
  public void offer(Buffer more) {
    coded = more.getBytes();
    position = 0;
    if (inMember) {
      inflater.setInput(coded);
    }
  }

  @Override
  public @Nullable Buffer poll() {
    while (!closed && position < coded.length) {
      if (!inMember) {
        readHeader();
      } else if (!inflater.finished()) {
        Buffer piece = unpack();
        if (piece.length() > 0) {
          return piece;
        }
      } else {
        readTrailer();
      }
    }
    return null;
  }

  private void readHeader() {
    if (header.accept(coded[position++])) {
      inMember = true;
      inflater.setInput(coded, position, coded.length - position);
    }
  }

  private Buffer unpack() {
    byte[] piece = new byte[PIECE];
    try {
      int n = inflater.inflate(piece);
      position = coded.length - inflater.getRemaining();
      if (n == 0 && inflater.needsDictionary()) {
        throw broken();
      }
      crc.update(piece, 0, n);
      return Buffer.buffer(n).appendBytes(piece, 0, n);
    } catch (DataFormatException notDeflate) {
      throw broken();
    }
  }

  /** CRC-32 and length of the member, four bytes each, the lowest first. */
  private void readTrailer() {
    trailer |= (coded[position++] & 0xFFL) << (8 * trailerBytes++);
    if (trailerBytes < TRAILER) {
      return;
    }
    long length = inflater.getBytesWritten() & 0xFFFFFFFFL;
    if (trailer != (length << 32 | crc.getValue())) {
      throw broken();
    }
    nextMember();
  }

  private void nextMember() {
    inflater.reset();
    crc.reset();
    header = new GzipHeader();
    trailer = 0;
    trailerBytes = 0;
    inMember = false;
  }

  private static RuntimeException broken() {
    return Problem.badRequest("the body is not gzip").toException();
  }

  @Override
  public boolean complete() {
    return !inMember && header.untouched();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inflater.end();
    }
  }
}
