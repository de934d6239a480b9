package io.bgfetch.worker.coding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codings of one body, undone one after the other in small steps, and the limit on what they
 * may unpack to. The limit holds against the coded bytes so far: the whole size is known only when
 * it is too late, and what an origin announces may be a lie. For one thread at a time.
 */
final class Unpacking implements AutoCloseable {

  static final int MOST_TIMES = 100;
  static final long ALWAYS_ALLOWED = 64L << 20;

  private static final byte[] NOTHING_YET = {};

  private final List<Decoder> decoders;
  private final long[] unpacked;
  private long coded;

  /**
   * An unpacking that has not begun.
   *
   * @param codings in the order in which they were applied; at least one
   */
  Unpacking(List<Coding> codings) {
    this.decoders = codings.reversed().stream().map(Coding::decoder).toList();
    this.unpacked = new long[codings.size()];
  }

  /** Takes coded bytes; only when {@link #step} has nothing more. The array is not copied. */
  void offer(byte[] bytes) {
    coded += bytes.length;
    decoders.getFirst().offer(bytes);
  }

  /**
   * Moves on by one piece of one decoder.
   *
   * @return decoded bytes, or none where the piece is on its way to the next decoder; null when
   *     more must be offered first
   * @throws DecodingFailure if the bytes are not of their coding, or are too many
   */
  byte @Nullable [] step() {
    int last = decoders.size() - 1;
    for (int i = last; i >= 0; i--) {
      byte[] piece = decoders.get(i).poll();
      if (piece != null) {
        count(i, piece.length);
        if (i == last) {
          return piece;
        }
        decoders.get(i + 1).offer(piece);
        return NOTHING_YET;
      }
    }
    return null;
  }

  /** Of every decoder: a bomb may be packed once more, into something small. */
  private void count(int decoder, int bytes) {
    unpacked[decoder] += bytes;
    if (unpacked[decoder] > ALWAYS_ALLOWED && unpacked[decoder] > MOST_TIMES * coded) {
      throw DecodingFailure.bomb(MOST_TIMES);
    }
  }

  /** Whether the body may end here. One without any byte may: origins label those, too. */
  boolean complete() {
    return decoders.stream().allMatch(Decoder::complete);
  }

  @Override
  public void close() {
    decoders.forEach(Decoder::close);
  }
}
