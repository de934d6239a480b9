package io.bgfetch.gzip;

import java.util.zip.ZipException;

/** The header of one gzip member (RFC 1952, section 2.3), byte by byte. */
final class GzipHeader {

  static final int FIRST_BYTE = 0x1F;

  private static final int FIXED = 10;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private int read;
  private int missing;
  private int length;
  private int lengthBytes;
  private int extra = -1;
  private int checksum = 2;

  /** Takes the next byte; true when it was the header's last. */
  boolean accept(byte b) throws ZipException {
    int value = b & 0xFF;
    if (read < FIXED) {
      fixed(read++, value);
    } else {
      optional(value);
    }
    return read == FIXED && missing == 0;
  }

  boolean untouched() {
    return read == 0;
  }

  private void fixed(int at, int value) throws ZipException {
    boolean right =
        switch (at) {
          case 0 -> value == FIRST_BYTE;
          case 1 -> value == 0x8B;
          case 2 -> value == 8;
          case 3 -> (value & 0xE0) == 0;
          default -> true;
        };
    if (!right) {
      throw new ZipException("no gzip header");
    }
    if (at == 3) {
      missing = value & (HAS_CHECKSUM | HAS_EXTRA | HAS_NAME | HAS_COMMENT);
    }
  }

  private void optional(int value) {
    if ((missing & HAS_EXTRA) != 0) {
      extra(value);
    } else if ((missing & HAS_NAME) != 0) {
      endIf(value == 0, HAS_NAME);
    } else if ((missing & HAS_COMMENT) != 0) {
      endIf(value == 0, HAS_COMMENT);
    } else {
      endIf(--checksum == 0, HAS_CHECKSUM);
    }
  }

  private void extra(int value) {
    if (lengthBytes < 2) {
      length |= value << (8 * lengthBytes++);
      extra = length;
      endIf(lengthBytes == 2 && extra == 0, HAS_EXTRA);
    } else {
      endIf(--extra == 0, HAS_EXTRA);
    }
  }

  private void endIf(boolean last, int field) {
    if (last) {
      missing &= ~field;
    }
  }
}
