package io.bgfetch.worker.coding;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * {@code deflate}: the zlib format (RFC 1950), and also the bare deflate data (RFC 1951) that some
 * servers send under this name (RFC 9110, section 8.4.1.2). The first two bytes tell them apart.
 * What follows the data is ignored, as browsers do.
 */
final class DeflateDecoder implements Decoder {

  private static final int DEFLATE_METHOD = 8;
  private static final int HEADER = 2;

  private @Nullable Inflater inflater;
  private byte[] head = {};
  private final byte[] piece = new byte[PIECE];
  private boolean closed;

  @Override
  public void offer(byte[] coded) {
    Inflater begun = inflater;
    if (begun == null) {
      head = joined(head, coded);
      if (head.length < HEADER) {
        return;
      }
      begun = new Inflater(!isZlib(head));
      begun.setInput(head);
      inflater = begun;
    } else {
      begun.setInput(coded);
    }
  }

  private static byte[] joined(byte[] first, byte[] more) {
    byte[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  /** The header's checksum is made so that its two bytes are a multiple of 31. */
  private static boolean isZlib(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    return (first & 0x0F) == DEFLATE_METHOD && ((first << 8) | second) % 31 == 0;
  }

  @Override
  public byte @Nullable [] poll() {
    Inflater under = inflater;
    if (under == null || closed || under.finished()) {
      return null;
    }
    try {
      int n = under.inflate(piece);
      if (n == 0 && under.needsDictionary()) {
        throw DecodingFailure.corrupt("deflate", null);
      }
      return n == 0 ? null : Arrays.copyOf(piece, n);
    } catch (DataFormatException broken) {
      throw DecodingFailure.corrupt("deflate", broken);
    }
  }

  @Override
  public boolean complete() {
    Inflater under = inflater;
    return under == null ? head.length == 0 : under.finished();
  }

  @Override
  public void close() {
    closed = true;
    if (inflater != null) {
      inflater.end();
    }
  }
}
