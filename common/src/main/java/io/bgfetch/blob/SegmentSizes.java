package io.bgfetch.blob;

/**
 * How long the segments of one body may grow: 8 MiB, doubling every 64 segments, so that the
 * manifest of a body of any length stays short.
 */
public final class SegmentSizes {

  static final long FIRST = 8L << 20;
  static final int DOUBLED_EVERY = 64;

  private SegmentSizes() {}

  /** The most bytes that segment {@code n}, counted from 0, may hold. */
  public static long limitOf(int n) {
    return FIRST << Math.min(n / DOUBLED_EVERY, 16);
  }
}
