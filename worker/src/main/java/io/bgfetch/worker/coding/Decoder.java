package io.bgfetch.worker.coding;

import org.jspecify.annotations.Nullable;

/**
 * Undoes one content coding of one body, in pieces of bounded size: whoever uses it asks for each
 * piece, so that a few coded bytes which decode to very many never lie decoded in memory. For one
 * thread at a time.
 */
interface Decoder extends AutoCloseable {

  /** The most bytes that a piece has. */
  int PIECE = 64 << 10;

  /** Takes coded bytes; only when {@link #poll} has nothing more. The array is not copied. */
  void offer(byte[] coded);

  /**
   * The next decoded bytes, never none; null when more must be offered first.
   *
   * @throws DecodingFailure if the bytes are not of this coding
   */
  byte @Nullable [] poll();

  /** Whether the body may end here: before its first byte, or where the coded data end. */
  boolean complete();

  @Override
  void close();
}
