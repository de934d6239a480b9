package io.bgfetch.gzip;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks gzip (RFC 1952) of any number of members, in small pieces, each only when it is wanted,
 * so that what unpacks to a thousand times its size never lies in memory. For one thread at a time.
 */
public final class GzipInflater implements AutoCloseable {

  /** What becomes of bytes behind a member that do not begin another one. */
  public enum Trailing {
    REFUSED,
    IGNORED
  }

  private static final int PIECE = 32 * 1024;
  private static final int TRAILER = 8;

  private final Trailing trailing;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private GzipHeader header = new GzipHeader();
  private byte[] coded = {};
  private int position;
  private long trailer;
  private int trailerBytes;
  private boolean inMember;
  private boolean oneMemberRead;
  private boolean ignoring;
  private boolean closed;

  public GzipInflater(Trailing trailing) {
    this.trailing = trailing;
  }

  /** Takes packed bytes; only when {@link #poll} has nothing more. The array is not copied. */
  public void offer(byte[] more) {
    coded = more;
    position = 0;
    if (inMember) {
      inflater.setInput(coded);
    }
  }

  /**
   * The next unpacked bytes, at most 32 KiB; null when more must be offered first.
   *
   * @throws ZipException if it is not gzip, or fails its checksum
   */
  public byte @Nullable [] poll() throws ZipException {
    while (!closed && !ignoring && position < coded.length) {
      if (!inMember) {
        readHeader();
      } else if (!inflater.finished()) {
        byte[] piece = unpack();
        if (piece.length > 0) {
          return piece;
        }
      } else {
        readTrailer();
      }
    }
    return null;
  }

  private void readHeader() throws ZipException {
    if (oneMemberRead
        && header.untouched()
        && trailing == Trailing.IGNORED
        && coded[position] != GzipHeader.FIRST_BYTE) {
      ignoring = true;
    } else if (header.accept(coded[position++])) {
      inMember = true;
      inflater.setInput(coded, position, coded.length - position);
    }
  }

  private byte[] unpack() throws ZipException {
    byte[] piece = new byte[PIECE];
    try {
      int n = inflater.inflate(piece);
      position = coded.length - inflater.getRemaining();
      if (n == 0 && inflater.needsDictionary()) {
        throw new ZipException("gzip knows no dictionary");
      }
      crc.update(piece, 0, n);
      return n == PIECE ? piece : Arrays.copyOf(piece, n);
    } catch (DataFormatException notDeflate) {
      throw broken(notDeflate);
    }
  }

  private static ZipException broken(DataFormatException cause) {
    ZipException broken = new ZipException(cause.getMessage());
    broken.initCause(cause);
    return broken;
  }

  /** CRC-32 and length of the member, four bytes each, the lowest first. */
  private void readTrailer() throws ZipException {
    trailer |= (coded[position++] & 0xFFL) << (8 * trailerBytes++);
    if (trailerBytes < TRAILER) {
      return;
    }
    long length = inflater.getBytesWritten() & 0xFFFFFFFFL;
    if (trailer != (length << 32 | crc.getValue())) {
      throw new ZipException("a gzip member does not match its checksum");
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
    oneMemberRead = true;
  }

  /** Whether it may end here: before the first byte, or behind a whole member. */
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
